// linux/seccomp: system calls that no container needs fail with EPERM, unless the profile is Unconfined.
import type { SeccompProfile } from '../../api/types.gen.ts';
import { configError } from '../isolation-error.ts';
import type { Isolator } from '../isolator.ts';
import type { OciSeccomp } from '../oci-spec.ts';

const errorPermission = 1;
const errorNoSuchCall = 38;

/** Ways into the kernel that are not namespaced, or were the beginning of many an escape. */
const refused = [
  'acct add_key bpf clock_adjtime clock_settime create_module delete_module finit_module fanotify_init',
  'get_kernel_syms init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie',
  'move_pages nfsservctl open_by_handle_at perf_event_open pivot_root process_madvise',
  'query_module quotactl quotactl_fd reboot request_key setdomainname sethostname settimeofday stime swapoff swapon',
  '_sysctl sysfs syslog uselib userfaultfd ustat vm86 vm86old',
]
  .join(' ')
  .split(' ');

/** New user namespaces open kernel code that is otherwise root's. */
const newUserNamespace = 0x1000_0000;

export const defaultSeccomp: OciSeccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
  syscalls: [
    { names: refused, action: 'SCMP_ACT_ERRNO', errnoRet: errorPermission },
    {
      names: ['clone', 'unshare'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: errorPermission,
      args: [{ index: 0, value: newUserNamespace, valueTwo: newUserNamespace, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    // Its flags lie in memory where a filter cannot look; C libraries fall back to clone.
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: errorNoSuchCall },
  ],
};

/** @param profile the container's, else the pod's; without one the default applies: safer than Kubernetes, which has none then */
export function seccompOf(profile: SeccompProfile | undefined, path: string): OciSeccomp | undefined {
  if (profile?.type === 'Unconfined') return undefined;
  if (profile?.type === 'Localhost') {
    throw configError(
      `${path}.seccompProfile: profiles of the host are not supported; use RuntimeDefault or Unconfined`,
    );
  }
  return defaultSeccomp;
}

export function createSeccompIsolator(): Isolator {
  return {
    name: 'linux/seccomp',
    prepare({ pod, container }, spec) {
      const profile = container.securityContext?.seccompProfile ?? pod.pod.spec?.securityContext?.seccompProfile;
      const seccomp = seccompOf(profile, `containers[${container.name}].securityContext`);
      if (seccomp) spec.linux.seccomp = seccomp;
    },
  };
}
