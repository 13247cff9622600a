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
  const row = findUser(userPart, passwd);
  const uid = row?.uid ?? numberOf(userPart);
  const gid = groupPart === undefined ? (row?.gid ?? 0) : findGroup(groupPart, group);
  if (uid === undefined || gid === undefined) return undefined;
  return {
    uid,
    gid,
    home: row?.home ?? '/',
    groups: row && groupPart === undefined ? memberships(row.name, group) : [],
  };
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
