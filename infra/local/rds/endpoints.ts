import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { stopListening } from '../loopback.ts';

/** Addresses at which clients reach databases by their identifiers. */
export interface Endpoints {
  /** Of an identifier, from then on always the same. */
  of(identifier: string): Promise<{ readonly Address: string; readonly Port: number }>;
  /** Ends every connection to it. */
  cut(identifier: string): void;
  stop(): Promise<void>;
}

/**
 * Addresses of this machine that nobody else uses, one for each identifier, as each has a name in DNS. Linux answers for
 * all of 127.0.0.0/8.
 */
const address = (index: number): string => `127.0.64.${index}`;

/**
 * A proxy for each identifier, all at one port. It leads to whichever server has the identifier when somebody connects, as
 * a name in DNS does once RDS has renamed an instance; where none has it, the connection ends.
 */
export const openEndpoints = (
  Port: number,
  find: (identifier: string) => { readonly host: string; readonly port: number } | undefined,
): Endpoints => {
  const open = new Map<
    string,
    { readonly Address: string; readonly server: Promise<Server>; readonly sockets: Set<Socket> }
  >();

  const lead = (identifier: string, client: Socket, sockets: Set<Socket>): void => {
    client.on('error', () => client.destroy());
    const to = find(identifier);
    if (!to) {
      client.destroy();
      return;
    }
    const server = connect(to);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  };

  const listen = async (identifier: string, Address: string, sockets: Set<Socket>): Promise<Server> => {
    const server = createServer((client) => lead(identifier, client, sockets));
    server.listen(Port, Address);
    await once(server, 'listening');
    return server;
  };

  return {
    of: async (identifier) => {
      let found = open.get(identifier);
      if (!found) {
        const Address = address(open.size + 1);
        const sockets = new Set<Socket>();
        found = { Address, sockets, server: listen(identifier, Address, sockets) };
        open.set(identifier, found);
      }
      await found.server;
      return { Address: found.Address, Port };
    },
    cut: (identifier) => {
      for (const socket of open.get(identifier)?.sockets ?? []) socket.destroy();
    },
    stop: async () => {
      await Promise.all(
        [...open.values()].map(async ({ server, sockets }) => {
          for (const socket of sockets) socket.destroy();
          await stopListening(await server);
        }),
      );
    },
  };
};
