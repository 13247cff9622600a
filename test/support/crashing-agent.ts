// An agent process that kills itself at a given moment of a launch. Arguments: home, cgroup root, milliseconds, launcher.
// Prints `pid N` once a launch has resolved.
import { keyOf, openHost, shellPod } from './container-host.ts';

const [home = '', cgroupRoot = '', moment = '0', launcher = 'oci'] = process.argv.slice(2);
const host = await openHost({ home, cgroupRoot }, { launcher: launcher as 'oci' | 'posix' });
const pod = shellPod('echo up; exec sleep 987');
const named = { ...pod, metadata: { ...pod.metadata, uid: 'crash', name: 'crash' } };

const begin = performance.now();
const dieAtMoment = () => {
  if (performance.now() - begin >= Number(moment)) process.kill(process.pid, 'SIGKILL');
  setImmediate(dieAtMoment);
};
dieAtMoment();

const running = host.recovered.find((container) => container.key.podUid === 'crash') ?? (await host.run(named));
if (keyOf(named).podUid === running.key.podUid) process.stdout.write(`pid ${running.pid}\n`);
