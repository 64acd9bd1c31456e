import * as z from 'zod';

/** What a caller asks of a log, as the API server hands it on. Source: Kubernetes API, PodLogOptions. */
export const LogQuery = z.object({
  follow: z.stringbool().default(false),
  previous: z.stringbool().default(false),
  timestamps: z.stringbool().default(false),
  sinceTime: z.iso.datetime({ offset: true }).optional(),
  sinceSeconds: z.coerce.number().positive().optional(),
  tailLines: z.coerce.number().nonnegative().optional(),
  limitBytes: z.coerce.number().positive().optional(),
});
export type LogQuery = z.output<typeof LogQuery>;

/** The log of one container. */
export interface ContainerLog {
  /** Takes a whole line, without its end. */
  write(line: string): void;
  /** Nothing more comes. */
  end(): void;
  /** What is asked for, piece by piece; with `follow` until the container has ended or the reader leaves. */
  read(query: LogQuery, signal: AbortSignal): AsyncIterable<Buffer>;
}

interface Line {
  readonly at: number;
  /** RFC 3339 with nine digits behind the seconds, as a container runtime notes it. */
  readonly time: string;
  readonly text: string;
}

export const createContainerLog = (now: () => number = Date.now): ContainerLog => {
  const lines: Line[] = [];
  const state = { hasEnded: false };
  let waiting = Promise.withResolvers<void>();
  const wake = (): void => {
    waiting.resolve();
    waiting = Promise.withResolvers<void>();
  };
  return {
    write: (text) => {
      const at = now();
      // Lines of one millisecond differ behind it, as they do where a runtime counts in nanoseconds.
      const within = lines.filter((line) => line.at === at).length;
      const time = new Date(at).toISOString().replace('Z', `${String(within).padStart(6, '0')}Z`);
      lines.push({ at, time, text });
      wake();
    },
    end: () => {
      state.hasEnded = true;
      wake();
    },
    read: async function* (query, signal) {
      const from = findStart(lines, query, now());
      let left = query.limitBytes ?? Number.POSITIVE_INFINITY;
      const gone = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => gone.resolve(), { once: true });
      for (let index = from; left > 0 && !signal.aborted; index++) {
        while (index >= lines.length && query.follow && !state.hasEnded && !signal.aborted) {
          await Promise.race([waiting.promise, gone.promise]);
        }
        const line = lines[index];
        if (!line) return;
        const bytes = Buffer.from(`${query.timestamps ? `${line.time} ` : ''}${line.text}\n`);
        yield bytes.subarray(0, left);
        left -= bytes.length;
      }
    },
  };
};

/** The tail is counted over the whole log, and what is too old is left out of it, as the kubelet does. */
const findStart = (lines: readonly Line[], query: LogQuery, now: number): number => {
  const { tailLines, sinceTime, sinceSeconds } = query;
  const tail = tailLines === undefined ? 0 : Math.max(0, lines.length - tailLines);
  const since = sinceTime === undefined ? 0 : Date.parse(sinceTime);
  const oldest = Math.max(since, sinceSeconds === undefined ? 0 : now - sinceSeconds * 1_000);
  const found = lines.findIndex(({ at }, index) => index >= tail && at >= oldest);
  return found < 0 ? lines.length : found;
};
