import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/collect-logs.ts';
import {
  CONTAINER_LOG_PREFIX,
  containerLogKey,
  containerLogKind,
} from '../../functions/records/container-log.ts';
import type { Pod } from '../../functions/records/workload.ts';
import { buildExecution, buildOrder, calmInvocation, createTargetWorld } from '../support/target-world.ts';
import { buildPod } from '../support/workload-builders.ts';

const crashing = (name: string, restarts: number): Pod => {
  const pod = buildPod({ name });
  const ended = { type: 'terminated', reason: 'Error', message: '', exitCode: 1 } as const;
  const waiting = { type: 'waiting', reason: 'CrashLoopBackOff', message: '' } as const;
  const containers = pod.containers.map((one) => ({
    ...one,
    ready: false,
    restarts,
    state: waiting,
    last: ended,
  }));
  return { ...pod, containers };
};

/** Pods with logs by their name; as in the cluster, a log that is not there is empty. */
const createCollection = (pods: readonly Pod[], logs: Readonly<Record<string, string>>) => {
  const world = createTargetWorld();
  const asked: string[] = [];
  world.cluster.pods = pods;
  const cluster = {
    ...world.cluster,
    readPodLog: async (namespace: string, pod: string, container: string, options: { previous: boolean }) => {
      asked.push(`${namespace}/${pod}/${container}${options.previous ? ' previous' : ''}`);
      return logs[pod] ?? '';
    },
  };
  const deps = { ...world.deps, cluster: async () => cluster };
  return {
    ...world,
    asked,
    collect: () => run({ order: buildOrder(), execution: buildExecution() }, deps, calmInvocation()),
    kept: async () => (await world.ledger.read(containerLogKind, containerLogKey('rollout-1')))?.value,
  };
};

describe('collect-logs', () => {
  it('keeps the last lines of the run that crashed, under the prefix that expires', async () => {
    const world = createCollection([crashing('web-a', 2)], { 'web-a': 'starting\n\nno such file\n' });
    expect(await world.collect()).toEqual({ outcome: 'kept', key: containerLogKey('rollout-1') });
    expect(world.asked).toEqual(['shop/web-a/web previous']);
    expect(await world.kept()).toMatchObject({
      rollout: 'rollout-1',
      logs: [{ pod: 'web-a', container: 'web', previous: true, lines: ['starting', 'no such file'] }],
    });
  });

  it('writes the lines to no other record', async () => {
    const world = createCollection([crashing('web-a', 2)], { 'web-a': 'canary-4711' });
    await world.collect();
    const holders = [...world.ledger.objects].filter(([, text]) => text.includes('canary-4711'));
    expect(holders.map(([key]) => key.startsWith(CONTAINER_LOG_PREFIX))).toEqual([true]);
  });

  it.each([
    ['a healthy workload', [buildPod()], {}],
    ['a log that is gone with its pod', [crashing('web-a', 1)], {}],
  ])('%s leaves nothing to keep', async (_, pods, logs) => {
    const world = createCollection(pods, logs);
    expect(await world.collect()).toEqual({ outcome: 'none' });
    expect(world.ledger.objects.size).toBe(0);
  });

  it('one log that is gone hides no other', async () => {
    const world = createCollection([crashing('web-a', 1), crashing('web-b', 2)], { 'web-a': 'still here' });
    await world.collect();
    expect((await world.kept())?.logs).toMatchObject([{ pod: 'web-a', lines: ['still here'] }]);
  });

  it('run twice keeps the first lines: the second run comes later, after the crash', async () => {
    const logs = { 'web-a': 'the crash' };
    const world = createCollection([crashing('web-a', 1)], logs);
    await world.collect();
    logs['web-a'] = 'something later';
    expect(await world.collect()).toMatchObject({ outcome: 'kept' });
    expect((await world.kept())?.logs[0]?.lines).toEqual(['the crash']);
  });
});
