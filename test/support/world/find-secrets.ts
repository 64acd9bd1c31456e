import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { AwsClient } from 'aws4fetch';
import pMap from 'p-map';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { ACTOR_TOKEN } from './hooks.ts';
import type { TestWorld } from './test-world.ts';

/** Where a secret was found, and which; its value is not repeated. */
export interface FoundSecret {
  readonly secret: string;
  readonly place: string;
}

/** Where they belong: the registry's own settings hold the header by which it proves itself. */
const RIGHTFUL_PLACES = new Set(['registry/config.yml']);
/** The store of Kubernetes, of which nothing of ours but images and annotations goes in. */
const NOT_OURS = /^cluster\/etcd\//;

/**
 * Looks for secrets wherever a run writes: every file of the world (logs of all parts and Lambdas among them), the
 * log groups, the ledger, what was told, and the histories of all executions.
 *
 * @param secrets by a name to call them by.
 */
export const findSecrets = async (
  world: TestWorld,
  secrets: Readonly<Record<string, string>>,
): Promise<FoundSecret[]> => {
  const forms = Object.entries(secrets).map(([name, value]) => ({ name, forms: spell(value) }));
  const look = (place: string, text: string): FoundSecret[] =>
    forms
      .filter((secret) => secret.forms.some((form) => text.includes(form)))
      .map(({ name }) => ({ secret: name, place }));
  const found = await Promise.all([
    lookAtFiles(world, look),
    lookAtLogGroups(world, look),
    lookAtLedger(world, look),
    world.notices().then((notices) => notices.map((notice) => look('message', JSON.stringify(notice)))),
    lookAtExecutions(world, look),
  ]);
  return found.flat(2);
};

/** The secrets of a world, and the token that each event of ours carries as a registry's events do. */
export const listSecrets = ({ secrets }: TestWorld): Record<string, string> => ({
  'registry hook': secrets.registryHook,
  'pipelines key': secrets.pipelines,
  'pipelines key, bare': secrets.pipelines.replace('whsec_', ''),
  'registry password': secrets.registry.password,
  'GitLab token': secrets.gitlab,
  'registry authorization': `${secrets.registry.username}:${secrets.registry.password}`,
  'actor token': ACTOR_TOKEN,
});

/** Registers the test that looks for the secrets of a file's world after all its runs. */
export const itKeepsItsSecrets = (world: () => TestWorld): void => {
  it('none of all this put a secret into a log, a record, a message or a history', async () => {
    expect(await findSecrets(world(), listSecrets(world()))).toEqual([]);
  });
};

type Look = (place: string, text: string) => FoundSecret[];

/** As it is, in base64, and as JSON or a URL would write it. */
const spell = (value: string): string[] => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
];

const lookAtFiles = async ({ folder }: TestWorld, look: Look): Promise<FoundSecret[][]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !RIGHTFUL_PLACES.has(file) && !NOT_OURS.test(file));
  // A scratch file may be gone by the time it is its turn.
  const read = (file: string) => readFile(join(folder, file), 'latin1').catch(() => '');
  return pMap(files, async (file) => look(file, await read(file)), { concurrency: 4 });
};

const lookAtLedger = async ({ ledger }: TestWorld, look: Look): Promise<FoundSecret[][]> =>
  pMap(
    await ledger.keys(''),
    async (key) => {
      try {
        return look(`ledger ${key}`, await ledger.read(key));
      } catch (error) {
        // What a machine that still runs has removed since the list was made.
        if (error instanceof NoSuchKey) return [];
        throw error;
      }
    },
    { concurrency: 8 },
  );

const lookAtExecutions = async ({ executions, site }: TestWorld, look: Look): Promise<FoundSecret[][]> => {
  const machines = Object.values(site.machines);
  const all = (await Promise.all(machines.map((machine) => executions.summaries(machine)))).flat();
  return pMap(
    all,
    async ({ executionArn }) => {
      const texts: string[] = [JSON.stringify(await executions.describe(executionArn ?? ''))];
      const pages = paginateGetExecutionHistory(
        { client: executions.sfn, pageSize: 1_000 },
        { executionArn },
      );
      for await (const page of pages) texts.push(JSON.stringify(page.events));
      return texts.flatMap((text) => look(`execution ${executionArn}`, text));
    },
    { concurrency: 8 },
  );
};

const LogGroups = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const LogEvents = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().optional(),
});

const lookAtLogGroups = async ({ aws }: TestWorld, look: Look): Promise<FoundSecret[][]> => {
  const client = new AwsClient({ ...aws.credentials, region: aws.region, service: 'logs' });
  const call = async (action: string, input: unknown): Promise<unknown> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${action}`,
    };
    const response = await client.fetch(aws.url, { method: 'POST', headers, body: JSON.stringify(input) });
    if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { logGroups } = LogGroups.parse(await call('DescribeLogGroups', {}));
  return pMap(logGroups, async ({ logGroupName }) => {
    const found: FoundSecret[] = [];
    let nextToken: string | undefined;
    do {
      const page = LogEvents.parse(await call('FilterLogEvents', { logGroupName, nextToken }));
      found.push(...page.events.flatMap(({ message }) => look(`log group ${logGroupName}`, message)));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  });
};
