import { Agent, fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { readLogLines } from '../../functions/clients/log-lines.ts';
import { createContainerLog, LogQuery } from '../../infra/local/toolbox/kubelet/container-log.ts';
import { serveLogs } from '../../infra/local/toolbox/kubelet/serve-logs.ts';

const START = Date.parse('2026-11-21T03:00:00.000Z');
const never = new AbortController().signal;

/** A log of five lines, a second apart, the last two of them in one millisecond. */
const writeLog = () => {
  let now = START;
  const log = createContainerLog(() => now);
  for (const [index, text] of ['one', 'two', 'three', 'four', 'five'].entries()) {
    now = START + Math.min(index, 3) * 1_000;
    log.write(text);
  }
  return log;
};

const read = async (query: Record<string, string>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(writeLog().read(LogQuery.parse(query), never))).toString();

describe('the log of a container', () => {
  it.each<[string, Record<string, string>, string]>([
    ['all lines', {}, 'one two three four five'],
    ['the last ones', { tailLines: '2' }, 'four five'],
    ['none of no tail', { tailLines: '0' }, ''],
    ['those from a second on', { sinceTime: '2026-11-21T03:00:02Z' }, 'three four five'],
    ['those of the last seconds', { sinceSeconds: '1' }, 'three four five'],
    ['a tail that is young enough', { tailLines: '4', sinceTime: '2026-11-21T03:00:03Z' }, 'four five'],
    ['so many bytes and no more', { limitBytes: '6' }, 'one tw'],
  ])('gives %s', async (_, query, lines) => {
    expect((await read(query)).trim().replaceAll('\n', ' ')).toBe(lines);
  });

  it('notes times that differ line by line, and that a cursor goes on from', async () => {
    const text = await read({ timestamps: 'true' });
    const times = text
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 30));
    expect(times.slice(3)).toEqual(['2026-11-21T03:00:03.000000000Z', '2026-11-21T03:00:03.000000001Z']);
    const bytes = (async function* () {
      yield Buffer.from(text);
    })();
    const [rest] = await Array.fromAsync(readLogLines(bytes, { at: times[3] ?? '', lines: 1 }, 1_000));
    expect(rest?.text).toBe('five\n');
  });

  it('is followed to its end, and no further', async () => {
    const log = createContainerLog();
    log.write('first');
    const following = Array.fromAsync(log.read(LogQuery.parse({ follow: 'true' }), never));
    log.write('second');
    setTimeout(() => {
      log.write('third');
      log.end();
    }, 20);
    expect(Buffer.concat(await following).toString()).toBe('first\nsecond\nthird\n');
  });

  it('lets a reader go who leaves', async () => {
    const leaving = new AbortController();
    const following = Array.fromAsync(
      createContainerLog().read(LogQuery.parse({ follow: 'true' }), leaving.signal),
    );
    leaving.abort();
    expect(await following).toEqual([]);
  });
});

describe('the endpoint of the kubelet', () => {
  it.each<[string, number, string]>([
    ['/containerLogs/gitlab/backup-1/toolbox-backup?tailLines=1', 200, 'five\n'],
    ['/containerLogs/gitlab/backup-1/other', 400, 'is waiting to start'],
    ['/containerLogs/gitlab/backup-1/toolbox-backup?previous=true', 400, 'not found'],
    ['/containerLogs/gitlab/backup-1/toolbox-backup?tailLines=many', 400, 'tailLines'],
    ['/exec/gitlab/backup-1/toolbox-backup', 404, 'Only /containerLogs'],
  ])('answers %s with %i', async (path, status, words) => {
    const log = writeLog();
    const kubelet = await serveLogs({
      find: (_, pod, container) =>
        pod === 'backup-1' && container === 'toolbox-backup' ? log : `${container} is waiting to start`,
    });
    // The API server asks for no certificate either, as long as it is given no authority for kubelets.
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const response = await fetch(`https://127.0.0.1:${kubelet.port}${path}`, { dispatcher });
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(words)]);
    await kubelet.stop();
  });
});
