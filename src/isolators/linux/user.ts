// linux/user: who the process runs as: securityContext, else the image's user, else root.
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { configError } from '../isolation-error.ts';
import type { ContainerContext, Isolator } from '../isolator.ts';
import { setDefaultEnv } from '../process-env.ts';
import { findAccount, type Account } from './accounts.ts';

export function createUserIsolator(): Isolator {
  return {
    name: 'linux/user',
    async prepare(context, spec) {
      const account = await accountOf(context);
      refuseRoot(context, account);
      const podSecurity = context.pod.pod.spec?.securityContext;
      const gid = context.container.securityContext?.runAsGroup ?? podSecurity?.runAsGroup ?? account.gid;
      const groups = [
        ...account.groups,
        ...(podSecurity?.supplementalGroups ?? []),
        ...(podSecurity?.fsGroup === undefined ? [] : [podSecurity.fsGroup]),
      ];
      spec.process.user = { uid: account.uid, gid, additionalGids: [...new Set([gid, ...groups])] };
      if (context.image) setDefaultEnv(spec.process.env, 'HOME', account.home);
    },
  };
}

async function accountOf({ pod, container, image }: ContainerContext): Promise<Account> {
  const asked = container.securityContext?.runAsUser ?? pod.pod.spec?.securityContext?.runAsUser;
  const user = asked === undefined ? (image?.user ?? '') : String(asked);
  const root = image?.directory ?? '/';
  const [passwd, group] = await Promise.all([readInside(root, 'passwd'), readInside(root, 'group')]);
  const account = findAccount(user === '' ? '0' : user, passwd, group);
  if (!account)
    throw configError(
      `containers[${container.name}]: the image has no user ${JSON.stringify(user)}; set securityContext.runAsUser`,
    );
  return account;
}

function refuseRoot({ pod, container }: ContainerContext, account: Account): void {
  const required = container.securityContext?.runAsNonRoot ?? pod.pod.spec?.securityContext?.runAsNonRoot;
  if (required !== true || account.uid !== 0) return;
  throw configError(
    `containers[${container.name}]: container has runAsNonRoot and would run as root; set securityContext.runAsUser to a user other than 0`,
  );
}

/** A file of the root's /etc. Links are not followed: an image must not make the agent read files of the host. */
async function readInside(root: string, name: string): Promise<string> {
  try {
    if (root !== '/' && (await lstat(join(root, 'etc'))).isSymbolicLink()) return '';
    const file = await open(join(root, 'etc', name), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
