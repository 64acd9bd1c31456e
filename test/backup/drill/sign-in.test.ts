import { execFile } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { DRILL_LABEL, labelOf } from '../../../functions/backup/drill/drill-label.ts';
import { makeSignInJob } from '../../../functions/backup/drill/sign-in-job.ts';
import { readSignIn } from '../../../functions/backup/drill/sign-in-report.ts';
import { SIGN_IN_MARK, writeSignInArguments } from '../../../functions/backup/drill/sign-in-script.ts';
import { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';

const run = promisify(execFile);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @param answers statuses, one a question; the last one stays. */
const serve = async (answers: readonly number[]): Promise<{ port: number; asked: string[] }> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers['x-forwarded-proto']].join(' '));
    response.writeHead(answers[asked.length - 1] ?? answers.at(-1) ?? 500).end('page');
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, asked };
};

/** Programs of coreutils alone, so that bash has to ask by itself. */
const withoutCurl = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sign-in-'));
  for (const name of ['timeout', 'bash', 'expr', 'sleep', 'printf']) {
    await symlink(`/usr/bin/${name}`, path.join(folder, name));
  }
  return folder;
};

const ask = async (port: number, attempts: number, folder?: string): Promise<string> => {
  const [shell = '', ...args] = writeSignInArguments('/bin/bash', ['localhost'], {
    attempts,
    between: 0,
    port,
  });
  return (await run(shell, args, { env: { PATH: folder ?? '/usr/bin:/bin' } })).stdout;
};

describe('whoever asks for the sign-in page', () => {
  it.each([
    ['curl', async () => undefined],
    ['bash, where there is no curl', withoutCurl],
  ])('says its status, by %s, and asks again while it does not answer well', async (_, find) => {
    const { port, asked } = await serve([502, 502, 200]);
    const log = await ask(port, 5, await find());
    expect(log).toBe(`${SIGN_IN_MARK}"host":"localhost","status":200}\n`);
    expect(new Set(asked)).toEqual(new Set(['/users/sign_in https']));
  });

  it('says the last status when it gives up, and 0 where nobody is', async () => {
    const { port } = await serve([502]);
    expect(await ask(port, 2)).toContain('"status":502');
    expect(await ask(1, 1)).toContain('"status":0');
  });

  it('puts no name into a script', () => {
    const [, , script, ...words] = writeSignInArguments('/bin/bash', ['web', '$(reboot)', 'a;b', '--help']);
    expect(words.slice(-1)).toEqual(['web']);
    expect(script).not.toContain('$(');
  });
});

describe('what was found of it', () => {
  it.each([
    [200, 'pass'],
    [302, 'pass'],
    [403, 'pass'],
    [429, 'pass'],
    [404, 'fail'],
    [502, 'fail'],
    [0, 'fail'],
  ])('counts %i as %s', (status, result) => {
    const [finding] = readSignIn(`${SIGN_IN_MARK}"host":"web","status":${status}}`, ['web']);
    expect(finding).toMatchObject({ check: 'sign-in', result });
  });

  it.each(['', 'noise', `${SIGN_IN_MARK}"host":"web"`, `${SIGN_IN_MARK}"host":"other","status":200}`])(
    'counts silence as a failure: %j',
    (log) => {
      expect(readSignIn(log, ['web']).map(({ result }) => result)).toEqual(['fail']);
    },
  );
});

describe('its Job', () => {
  const body = chartCronJobBody();
  const cronJob = CronJob.parse({
    ...body,
    metadata: { ...body.metadata, namespace: 'gitlab-drill', uid: 'cron' },
  });

  it('is known by the label of its drill, and asks the Services it is given', () => {
    const plan = makeSignInJob(cronJob, { drill: 'drill-1', execution: 'drill-1', hosts: ['gitlab-web'] });
    expect(plan).toMatchObject({
      ok: true,
      job: {
        metadata: { namespace: 'gitlab-drill', labels: { [DRILL_LABEL]: labelOf('drill-1') } },
        spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } },
      },
    });
    const worker =
      plan.ok && plan.job.spec.template.spec.containers.find(({ name }) => name === 'toolbox-sign-in');
    expect(worker && worker.args?.at(-1)).toBe('gitlab-web');
  });

  it('is not made of a CronJob that is not the chart’s', () => {
    const other = structuredClone(cronJob);
    for (const one of other.spec.jobTemplate.spec.template.spec.containers) one.name = 'other';
    expect(makeSignInJob(other, { drill: 'd', execution: 'd', hosts: [] }).ok).toBe(false);
  });
});
