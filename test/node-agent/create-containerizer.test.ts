// Both launchers against the same suite, on the real machine (needs root, conmon and runc).
import { describeLauncher } from '../conformance/launcher.ts';

describe('containerizer with the OCI launcher', () => describeLauncher('oci'));
describe('containerizer with the posix launcher', () => describeLauncher('posix'));
