// The in-process client: through the server's handlers, with their admission, without a socket.
import type { Handler, UserInfo } from '../api/request.ts';
import type { Client } from './client.ts';
import { createHandlerClient } from './handler-client.ts';

/** @param user the identity that authorisation and managedFields see; its name is the user agent as well */
export function createLocalClient(handle: Handler, user: UserInfo): Client {
  return createHandlerClient(handle, user.username.split(':').at(-1) ?? user.username, user);
}
