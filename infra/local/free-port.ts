import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Finds loopback ports that nobody listens on. All are held until the last is found, so they differ; another
 * process may still take one before the caller does, which the caller's own start then reports.
 */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The free port has no number.');
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};
