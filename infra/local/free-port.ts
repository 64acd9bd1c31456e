import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { listenOnLoopback, stopListening } from './loopback.ts';

/**
 * Below what a system gives to connections by itself, which may take any port of theirs before its finder does: from 32768
 * on Linux (`net.ipv4.ip_local_port_range`), and from 49152 elsewhere (RFC 6335, 6).
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const TRIES = 100;

/**
 * Finds loopback ports that nobody listens on. All are held until the last is found, so they differ; another
 * process that looks may still take one before the caller does, which the caller's own start then reports.
 */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const held = await Promise.all(Array.from({ length: count }, holdPort));
  await Promise.all(held.map(({ server }) => stopListening(server)));
  return held.map(({ port }) => port);
};

/** One of them. */
export const findFreePort = async (): Promise<number> => {
  const [port = 0] = await findFreePorts(1);
  return port;
};

const holdPort = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  for (let tried = 1; ; tried++) {
    const server = createServer();
    try {
      return { server, port: await listenOnLoopback(server, randomInt(LOWEST, HIGHEST)) };
    } catch (error) {
      if (tried === TRIES) throw error;
    }
  }
};
