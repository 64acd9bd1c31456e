import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type ClusterFacts, type FactPart, factPartKey, factPartKind } from '../records/upgrade/facts.ts';
import { MAX_COLLECTION_PARTS } from '../records/upgrade/limits.ts';
import { DefectError, RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { chooseTarget, judgeTarget } from './check-target.ts';
import { type ClusterSubject, findSubject } from './cluster-subjects.ts';
import * as contract from './collect-facts.contract.ts';
import { COLLECTORS } from './collectors/registry.ts';
import type { CollectionTask, Collector, FactSources } from './reading/collection.ts';
import { mergeFacts } from './reading/fact-merge.ts';
import { openSources } from './reading/sources.ts';
import { readSubjects } from './wiring.ts';

/** Milliseconds that a slice may take, and the part's way to the ledger; with less left the next Lambda goes on. */
const SLICE_MS = 120_000;
/** Characters of JSON in one part. A part is held in memory, so this bounds that whatever the cluster's size. */
const MAX_PART_LENGTH = 4_000_000;

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly subjects: readonly ClusterSubject[];
  readonly sources: (subject: ClusterSubject) => FactSources;
  readonly collectors: readonly Collector[];
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Position = Input['check']['from'];

/**
 * Collects one part of what a check knows of a cluster: slice after slice, while time and memory allow, and writes it
 * down once. A part that is there already was written by a Lambda that died or by a repeat: its own end counts, so
 * that nothing is read twice and nothing is left out.
 *
 * @throws RefusedError `cluster.unknown`, `target.refused`, and what EKS says of the cluster itself: without its
 * version there is nothing to judge.
 * @throws DefectError `collection.endless` when it does not end within `MAX_COLLECTION_PARTS`.
 */
export const run = async (
  { execution, check }: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'remainingMs' | 'log'>,
): Promise<Output> => {
  const subject = findSubject(deps.subjects, check.cluster);
  if (!subject) throw unknownCluster(check.cluster, deps.subjects);
  if (check.part >= MAX_COLLECTION_PARTS) {
    const message = `The collection about ${subject.cluster} did not end within ${MAX_COLLECTION_PARTS} parts.`;
    throw new DefectError('collection.endless', message);
  }
  const sources = deps.sources(subject);
  const way = await chooseWay(check, subject, sources, invocation.signal);
  const key = factPartKey(execution.name, check.part);
  const earlier = (await deps.ledger.read(factPartKind, key))?.value;
  const part = earlier ?? (await collect({ ...way, check, subject, sources }, deps, invocation));
  const written = earlier ? part : await writeOnce(deps.ledger, key, part);
  const answer = { cluster: subject.cluster, ...way, part: check.part + 1 };
  return written.next
    ? { ...answer, outcome: 'more', from: written.next }
    : { ...answer, outcome: 'done', from: { collector: deps.collectors.length } };
};

/** All parts of a collection have one task: the cluster may well be upgraded while it is looked at. */
const chooseWay = async (
  { target, current: known }: Input['check'],
  { cluster, settings }: ClusterSubject,
  { eks }: FactSources,
  signal: AbortSignal,
): Promise<Pick<CollectionTask, 'current' | 'target'>> => {
  const current = known ?? (await eks?.readCluster(cluster, signal))?.version;
  if (current === undefined)
    throw new DefectError('sources.missing', 'A check needs EKS to know the version.');
  const chosen = chooseTarget({ asked: target, configured: settings.target, current });
  const verdict = judgeTarget(chosen, current, []);
  if (!verdict.ok) throw new RefusedError('target.refused', `${cluster}: ${verdict.reason}`);
  return { current, target: chosen };
};

interface Work extends Pick<CollectionTask, 'current' | 'target'> {
  readonly check: Input['check'];
  readonly subject: ClusterSubject;
  readonly sources: FactSources;
}

const collect = async (
  { check, subject, sources, current, target }: Work,
  { collectors }: Deps,
  { signal, remainingMs, log }: Pick<Invocation, 'signal' | 'remainingMs' | 'log'>,
): Promise<FactPart> => {
  const task: CollectionTask = { cluster: subject.cluster, current, target, settings: subject.settings };
  let facts: ClusterFacts = {};
  let length = 0;
  let position: Position | undefined = check.from;
  while (position) {
    const collector = collectors[position.collector];
    if (!collector) break;
    const { name } = collector;
    const slice = await collector.collect(sources, task, position.cursor, signal);
    facts = mergeFacts(facts, slice.facts);
    position = behind(position, slice.cursor, collectors.length);
    length += JSON.stringify(slice.facts).length;
    log.info('Collected a slice', { cluster: subject.cluster, source: name, count: length });
    if (length >= MAX_PART_LENGTH || remainingMs() < SLICE_MS) break;
  }
  const next = position && position.collector < collectors.length ? { next: position } : {};
  return { version: 1, ...next, facts };
};

const behind = ({ collector }: Position, cursor: string | undefined, count: number): Position | undefined => {
  if (cursor !== undefined) return { collector, cursor };
  return collector + 1 < count ? { collector: collector + 1 } : undefined;
};

/** Of two Lambdas at the same part the first one's counts. */
const writeOnce = async (ledger: Deps['ledger'], key: string, part: FactPart): Promise<FactPart> => {
  const claimed = await ledger.claim(factPartKind, key, part);
  if (claimed.ok) return part;
  const stored = await ledger.read(factPartKind, key);
  if (stored) return stored.value;
  throw new DefectError('ledger.lost', `The part ${key} was there and is gone.`);
};

const unknownCluster = (name: string, subjects: readonly ClusterSubject[]): RefusedError =>
  new RefusedError(
    'cluster.unknown',
    `There is no cluster or environment ${name}; write one of ${subjects.map(({ cluster }) => cluster).join(', ')}.`,
  );

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({
    ledger: connectLedger(LEDGER_BUCKET),
    subjects: readSubjects(),
    sources: openSources(LEDGER_BUCKET),
    collectors: COLLECTORS,
  }),
  run,
});
