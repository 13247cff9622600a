// Users and groups of a root file system, from its passwd(5) and group(5) texts. Pure.

export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly groups: readonly number[];
}

interface UserRow {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

const rows = (text: string) => text.split('\n').map((line) => line.split(':'));

/**
 * Finds `USER[:GROUP]`, each a name or a number. Undefined when a name is unknown; numbers need not be listed.
 */
export function findAccount(user: string, passwd: string, group: string): Account | undefined {
  const [userPart = '', groupPart] = user.split(':');
  const account = accountOf(userPart, passwd, group);
  if (!account || groupPart === undefined) return account;
  const gid = findGroup(groupPart, group);
  return gid === undefined ? undefined : { ...account, gid, groups: [] };
}

function accountOf(user: string, passwd: string, group: string): Account | undefined {
  const row = findUser(user, passwd);
  if (row) return { uid: row.uid, gid: row.gid, home: row.home, groups: memberships(row.name, group) };
  const uid = numberOf(user);
  return uid === undefined ? undefined : { uid, gid: 0, home: '/', groups: [] };
}

function findUser(user: string, passwd: string): UserRow | undefined {
  const fields = rows(passwd).find((parts) => parts.length >= 6 && (parts[0] === user || parts[2] === user));
  if (!fields) return undefined;
  const [name = '', , uid, gid, , home = '/'] = fields;
  return { name, uid: Number(uid), gid: Number(gid), home };
}

function findGroup(name: string, group: string): number | undefined {
  const fields = rows(group).find((parts) => parts[0] === name || parts[2] === name);
  return fields ? Number(fields[2]) : numberOf(name);
}

function memberships(name: string, group: string): number[] {
  return rows(group)
    .filter((parts) => (parts[3] ?? '').split(',').includes(name))
    .map((parts) => Number(parts[2]));
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
