import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Server } from 'node:net';

/** Listens on 127.0.0.1, on a free port unless one is given. @returns the port. */
export const listenOnLoopback = async (server: Server, port = 0): Promise<number> => {
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return address.port;
};

/** Takes no more connections; resolves when the open ones have ended. A server that is not listening is fine. */
export const stopListening = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
};

/** The same, with an end to the connections that clients keep open. */
export const stopServing = async (server: HttpServer | HttpsServer): Promise<void> => {
  const stopped = stopListening(server);
  server.closeAllConnections();
  await stopped;
};
