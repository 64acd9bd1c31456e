import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback, stopListening } from '../../infra/local/loopback.ts';

/**
 * A loopback proxy for bytes, whatever they mean: it stands before an https server (a Kubernetes API server) whose
 * certificate must stay its own, to cut or freeze connections from outside.
 */
export interface TcpProxy {
  readonly port: number;
  /** Connections open now. */
  readonly connections: number;
  /** Bytes that came from the server so far, as they were on the wire. */
  readonly received: number;
  /** Resets the open connections; new ones are taken. */
  cut(): void;
  /** Lets no byte through and keeps the connections open: a peer that hangs. */
  freeze(): void;
  thaw(): void;
  /** Refuses connections and resets the open ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy before a TCP port of `host`. */
export const startTcpProxy = async (upstream: { host: string; port: number }): Promise<TcpProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let received = 0;

  const server = createServer((near) => {
    const far = connect(upstream);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    relay(near, far);
    relay(far, near);
    far.on('data', (chunk: Buffer) => (received += chunk.length));
  });
  const relay = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => !frozen && from.resume());
    if (frozen) from.pause();
  };
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
  };
  const down = async (): Promise<void> => {
    const stopped = stopListening(server);
    cut();
    await stopped;
  };
  const port = await listenOnLoopback(server);

  return {
    port,
    get connections() {
      return pairs.size;
    },
    get received() {
      return received;
    },
    cut,
    freeze() {
      frozen = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    down,
    up: async () => void (await listenOnLoopback(server, port)),
    stop: down,
  };
};
