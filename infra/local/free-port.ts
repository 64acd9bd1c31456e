import { createServer } from 'node:net';
import { listenOnLoopback, stopListening } from './loopback.ts';

/**
 * Finds loopback ports that nobody listens on. All are held until the last is found, so they differ; another
 * process may still take one before the caller does, which the caller's own start then reports.
 */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listenOnLoopback(server)));
  await Promise.all(servers.map(stopListening));
  return ports;
};

/** One of them. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await stopListening(server);
  return port;
};
