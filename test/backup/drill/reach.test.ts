import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DRILL_LABEL, labelOf } from '../../../functions/backup/drill/drill-label.ts';
import { findNotEmptied } from '../../../functions/backup/drill/empty-report.ts';
import { writeEmptyArguments } from '../../../functions/backup/drill/empty-script.ts';
import { makeReachJob } from '../../../functions/backup/drill/reach-job.ts';
import { readReachReport } from '../../../functions/backup/drill/reach-report.ts';
import { REACH_MARK, writeReachArguments } from '../../../functions/backup/drill/reach-script.ts';
import { CronJob } from '../../../functions/records/kubernetes-job.ts';

const run = promisify(execFile);

/** Runs the arguments of a container, with some programs of the toolbox played. */
const play = async ([shell = '', ...args]: readonly string[], programs: Record<string, string> = {}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'drill-'));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return (await run(shell, args, { env: { PATH: `${folder}:/usr/bin:/bin` } })).stdout;
};

const listen = async (): Promise<{ port: number; close: () => void }> => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => server.close() };
};

const QUICK = { settle: 0, between: 0 };

describe('the probe', () => {
  it('says of each address in each round whether it was reached, refused or is no name', async () => {
    const [open, shut] = [await listen(), await listen()];
    shut.close();
    const args = writeReachArguments(
      '/bin/bash',
      [
        { host: '127.0.0.1', port: open.port },
        { host: '127.0.0.1', port: shut.port },
        { host: 'no-such-host.invalid', port: 443 },
      ],
      QUICK,
    );
    const report = readReachReport(await play(args));
    open.close();
    const seen = (port: number) => report.find((one) => one.port === port)?.seen;
    expect(seen(open.port)).toEqual(['reached', 'reached']);
    expect(seen(shut.port)).toEqual(['refused', 'refused']);
    expect(seen(443)).toEqual(['unresolved', 'unresolved']);
  });

  it('says timeout when nobody answers within its time, and unknown of what it does not know', async () => {
    const one = [{ host: '127.0.0.1', port: 9 }];
    const timeout = await play(writeReachArguments('/bin/bash', one, QUICK), { timeout: 'exit 124' });
    expect(readReachReport(timeout)).toEqual([{ ...one[0], seen: ['timeout', 'timeout'] }]);
    const broken = await play(writeReachArguments('/bin/bash', one, QUICK), { timeout: 'exit 127' });
    expect(readReachReport(broken)).toEqual([{ ...one[0], seen: ['unknown', 'unknown'] }]);
  });

  it('takes no host that a shell would read, and nothing that a kubelet would expand', () => {
    const [, , script, , , , ...words] = writeReachArguments('/bin/bash', [
      { host: '$(id)', port: 1 },
      { host: 'a b', port: 2 },
      { host: '-e', port: 3 },
      { host: 'github.com', port: 443 },
    ]);
    expect(words).toEqual(['github.com', '443']);
    expect(script).not.toContain('$(');
  });

  it.each([
    ['a line that is cut', `${REACH_MARK}"round":1,"host":"a","port":1`],
    ['a word that is none', `${REACH_MARK}"round":1,"host":"a","port":1,"seen":"ok"}`],
    ['a third round', `${REACH_MARK}"round":3,"host":"a","port":1,"seen":"reached"}`],
    ['another program', '{"level":"info"}'],
  ])('is not read from %s', (_, line) => {
    expect(readReachReport(line)).toEqual([]);
  });
});

const CRON_JOB = CronJob.parse({
  metadata: { namespace: 'gitlab-drill', name: 'gitlab-toolbox-backup', uid: 'cron' },
  spec: {
    jobTemplate: {
      spec: {
        template: {
          metadata: { labels: { app: 'toolbox', release: 'gitlab' } },
          spec: {
            serviceAccountName: 'toolbox',
            containers: [
              {
                name: 'toolbox-backup',
                image: 'toolbox:v18.10.0',
                args: ['/bin/bash', '-c', 'cp x y && backup-utility'],
              },
            ],
          },
        },
      },
    },
  },
});

const REQUEST = {
  drill: 'drill-1',
  execution: 'drill-1',
  phase: 'closed' as const,
  labels: { app: 'sidekiq', release: 'gitlab', 'queue-pod-name': 'all-in-1' },
  addresses: [{ host: 'github.com', port: 443, why: 'push mirrors' }],
};

describe('the Job of the probe', () => {
  it('runs the image of the toolbox under the labels of Sidekiq', () => {
    const plan = makeReachJob(CRON_JOB, REQUEST);
    expect(plan).toMatchObject({
      ok: true,
      job: {
        metadata: { labels: { [DRILL_LABEL]: labelOf('drill-1') } },
        spec: {
          backoffLimit: 0,
          template: {
            metadata: { labels: { ...REQUEST.labels, [DRILL_LABEL]: labelOf('drill-1') } },
            spec: {
              restartPolicy: 'Never',
              serviceAccountName: 'toolbox',
              containers: [{ name: 'toolbox-reach', image: 'toolbox:v18.10.0' }],
            },
          },
        },
      },
    });
    const open = makeReachJob(CRON_JOB, { ...REQUEST, phase: 'open' });
    expect(plan.ok && open.ok && plan.job.metadata.name !== open.job.metadata.name).toBe(true);
  });

  it('is not made on the network of a node, which no policy closes', () => {
    const onNode = structuredClone(CRON_JOB);
    onNode.spec.jobTemplate.spec.template.spec['hostNetwork'] = true;
    expect(makeReachJob(onNode, REQUEST)).toEqual({ ok: false, why: expect.stringContaining('node') });
  });

  it('is not made of a CronJob of somebody else', () => {
    const foreign = structuredClone(CRON_JOB);
    foreign.spec.jobTemplate.spec.template.spec.containers = [{ name: 'other' }];
    expect(makeReachJob(foreign, REQUEST).ok).toBe(false);
  });
});

describe('emptying a place', () => {
  const args = writeEmptyArguments('/bin/bash', 'true && /usr/local/bin/backup-utility', [
    { bucket: 'acme-drill-uploads', tool: 'awscli' },
    { bucket: 'acme-drill-tmp', tool: 's3cmd' },
    { bucket: '$(id)', tool: 's3cmd' },
  ]);
  const buckets = ['acme-drill-uploads', 'acme-drill-tmp'];
  const fine = {
    'gitlab-rails': 'exit 0',
    'gitlab-rake': 'exit 0',
    aws: 'case "$1" in s3api) echo 0;; esac',
    s3cmd: 'exit 0',
  };

  it('is believed when a second look finds nothing', async () => {
    expect(findNotEmptied(await play(args, fine), buckets)).toEqual([]);
  });

  it.each([
    ['The repositories', { ...fine, 'gitlab-rails': 'exit 1' }],
    ['The database', { ...fine, 'gitlab-rake': 'exit 1' }],
    ['Bucket acme-drill-uploads could not be emptied: something is left', { ...fine, aws: 'echo 1' }],
    ['Bucket acme-drill-uploads could not be emptied: its tool failed', { ...fine, aws: 'exit 255' }],
    [
      'Bucket acme-drill-tmp could not be emptied: something is left',
      { ...fine, s3cmd: 'case "$1" in ls) echo s3://x/y;; esac' },
    ],
  ])('is not when %s', async (what, programs) => {
    expect(findNotEmptied(await play(args, programs), buckets)).toEqual([expect.stringContaining(what)]);
  });

  it('is not when the pod was killed in the middle', async () => {
    const log = await play(args, fine);
    expect(findNotEmptied(log.split('\n').slice(0, 1).join('\n'), buckets)).toHaveLength(3);
    expect(findNotEmptied('', buckets)).toHaveLength(4);
  });

  it('names only buckets, and nothing that a kubelet would expand', () => {
    expect(args.slice(4)).toEqual(['awscli', 'acme-drill-uploads', 's3cmd', 'acme-drill-tmp']);
    expect(args[2]).not.toContain('$(');
  });
});
