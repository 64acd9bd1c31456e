import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PolicyV1Api } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { CALENDAR } from '../../infra/local/eks/calendar.ts';
import { CLUSTER, NAMESPACE } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { runMachine } from '../support/world/run-machine.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** What a person gets who asks for nothing: the schedule starts the machine with `{}`, day after day. */

const world = useWorld(() => ({}), { waitScale: 0.2 });

/** The day in so many days, UTC, as the calendar writes days. */
const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Moves the calendar so that standard support of the cluster's version, 1.36, ends in so many days; 1.37 is out. */
const endSupportIn = (days: number): void => {
  const ending = { ...CALENDAR[0], standardEnds: dayIn(days), extendedEnds: dayIn(days + 365) };
  const next = {
    version: '1.37',
    patch: '1.37.1',
    released: dayIn(-60),
    standardEnds: dayIn(360),
    extendedEnds: dayIn(725),
  };
  world().eks.setVersions([
    next,
    ...CALENDAR.map((entry) => (entry.version === '1.36' ? { ...entry, ...ending } : entry)),
  ]);
};

/** Two blocks of different kinds: a manifest in a version that 1.37 does not serve, and a budget that lets no pod go. */
const standInTheWay = async (): Promise<void> => {
  const here = world();
  const s3 = new S3Client({ ...clientSettings(here), forcePathStyle: true });
  const Body = 'apiVersion: storage.k8s.io/v1beta1\nkind: VolumeAttributesClass\nmetadata:\n  name: gold\n';
  const Key = `upgrade/manifests/${CLUSTER}/volumes.yaml`;
  await s3.send(new PutObjectCommand({ Bucket: here.site.ledgerBucket, Key, Body }));
  await here.deploy('steady', 'registry.example.com/shop/steady:1.0.0', 2);
  await loadKubeconfig(here.cluster.kubeconfig)
    .makeApiClient(PolicyV1Api)
    .createNamespacedPodDisruptionBudget({
      namespace: NAMESPACE,
      body: {
        metadata: { name: 'steady' },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'steady' } } },
      },
    });
};

const checkDaily = async (): Promise<void> => {
  expect(await runMachine(world(), 'upgradeCheck', {})).toMatchObject({ status: 'SUCCEEDED' });
};

/** What people were told of the cluster, one text a message, oldest first. */
const told = async (): Promise<string[]> =>
  (await world().notices()).map(({ Message }) => Message).filter((text) => text.startsWith(`${CLUSTER}: `));

const toldAfter = (count: number): Promise<string[]> =>
  waitFor(`message ${count} is there`, async () => {
    const texts = await told();
    return texts.length >= count && texts;
  });

const lineOf = (text: string, word: string): string =>
  text.split('\n').find((line) => line.startsWith(word)) ?? '';

it('three weeks before the end of support: one message with the days left, the order of the work, and the page', async () => {
  endSupportIn(21);
  await standInTheWay();
  await checkDaily();
  const [text = '', ...more] = await toldAfter(1);
  expect(more).toEqual([]);
  expect(lineOf(text, `${CLUSTER}: `)).toMatch(
    /^local: standard support of 1\.36 ends in 21 days; \d+ findings block the upgrade to 1\.37/,
  );
  // The local cluster has the policy STANDARD.
  expect(text).toContain(`From ${dayIn(21)} on EKS may upgrade the control plane by itself`);

  const next = lineOf(text, 'Next: ');
  const order = [
    '1. VolumeAttributesClass gold',
    '2. PodDisruptionBudget shop/steady',
    'Then start the machine upgrade with {"cluster":"local","target":"1.37"',
  ].map((part) => next.indexOf(part));
  expect(order.every((place) => place >= 0)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(next).toContain('kubectl -n shop patch poddisruptionbudget steady');

  const page = /s3:\/\/[^/]+\/(upgrade\/pages\/local\/history\/\S+\.html)/.exec(text)?.[1] ?? '';
  expect(await world().ledger.read(page)).toContain('PodDisruptionBudget shop/steady');
});

it('the next day: nothing new, and nobody is told', async () => {
  const before = await told();
  endSupportIn(20);
  await checkDaily();
  const key = (await world().ledger.keys(`upgrade/reports/${CLUSTER}/history/`)).at(-1) ?? '';
  const report = UpgradeReport.parse(JSON.parse(await world().ledger.read(key)));
  expect(report.support.daysLeft).toMatchObject({ standard: 20 });
  expect(report.changes).toMatchObject({ added: [], gone: [] });
  expect(await told()).toEqual(before);
});

it('a week before the end it is told again, with what still stands in the way', async () => {
  endSupportIn(7);
  await checkDaily();
  const texts = await toldAfter(2);
  expect(texts).toHaveLength(2);
  expect(lineOf(texts[1] ?? '', `${CLUSTER}: `)).toMatch(
    /^local: standard support of 1\.36 ends in 7 days; \d+ findings block the upgrade to 1\.37/,
  );
  expect(lineOf(texts[1] ?? '', 'Next: ')).toContain('PodDisruptionBudget shop/steady');
  // EKS is about to move a cluster by itself that is not ready for it.
  expect(lineOf(texts[1] ?? '', 'critical, blocked')).not.toBe('');
});

itKeepsItsSecrets(world);
