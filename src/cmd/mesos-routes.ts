// What the Mesos faces of server and agent answer so far.
import type { FaceRoutes } from '../lib/http-face.ts';
import { mesosVersion, productVersion } from '../lib/product.ts';

/** `version` is the Mesos API level that clients test for; the rest says who we are. */
const version = {
  version: mesosVersion,
  build_date: '',
  build_time: 0,
  build_user: 'tepui',
  git_tag: `tepui-${productVersion}`,
};

export const mesosRoutes: FaceRoutes = { '/health': () => undefined, '/version': () => version };
