import { once } from 'node:events';
import { createServer } from 'node:net';
import { stopListening } from '../../loopback.ts';

/**
 * Somebody outside of every GitLab, for whom a restored Sidekiq would have mail: a port that takes connections, greets
 * like a mail server and counts them. It stands for the internet, which no pod of the local world reaches.
 */
export interface LocalOutside {
  readonly host: string;
  readonly port: number;
  /** Times of all connections so far. */
  connections(): readonly Date[];
  stop(): Promise<void>;
}

/** An address of this machine that nothing else uses. */
const HOST = '127.0.0.3';

export const startOutside = async (): Promise<LocalOutside> => {
  const connections: Date[] = [];
  const server = createServer((socket) => {
    connections.push(new Date());
    // Who leaves at once makes an error of the greeting.
    socket.on('error', () => undefined);
    socket.end('220 mail.example.org ESMTP\r\n');
  });
  const listening = once(server, 'listening');
  server.listen(0, HOST);
  await listening;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return {
    host: HOST,
    port: address.port,
    connections: () => [...connections],
    stop: () => stopListening(server),
  };
};
