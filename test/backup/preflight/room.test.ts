import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../../functions/backup/preflight/quantity.ts';
import { measureRoom } from '../../../functions/backup/preflight/room.ts';
import type { QuotaState } from '../../../functions/clients/kubernetes-quotas.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';

const quota = (
  hard: Record<string, string>,
  used: Record<string, string> = {},
  scoped = false,
): QuotaState => ({
  name: 'compute',
  hard,
  used,
  scoped,
});

const container = (requests: object, limits: object = {}) => ({ name: 'c', resources: { requests, limits } });
const CHART = chartCronJob().spec.jobTemplate.spec.template.spec;

describe('quantities of Kubernetes', () => {
  it.each([
    ['50m', 0.05],
    ['350M', 350e6],
    ['2Gi', 2 ** 31],
    ['1e3', 1_000],
    ['2E', 2e18],
    ['1.5', 1.5],
    ['0', 0],
    ['much', undefined],
    ['', undefined],
    ['1constructor', undefined],
    ['1ki', undefined],
  ])('%s is %s', (text, expected) => {
    expect(parseQuantity(text)).toBe(expected);
  });

  it('whole numbers are themselves', () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect(parseQuantity(String(number))).toBe(number);
      }),
    );
  });
});

describe('room for the pod', () => {
  it.each<[string, object, readonly QuotaState[], [string, number, number][]]>([
    ['is not limited without quotas', CHART, [], []],
    ['is what is left of pods', CHART, [quota({ pods: '10' }, { pods: '9' })], [['pods', 1, 1]]],
    ['is never less than nothing', CHART, [quota({ pods: '2' }, { pods: '5' })], [['pods', 0, 1]]],
    [
      'is what is left of memory, for the containers of the chart',
      CHART,
      [quota({ 'requests.memory': '2Gi' }, { 'requests.memory': '1Gi' })],
      [['requests.memory', 2 ** 30, 350e6]],
    ],
    ['knows requests by their short name', CHART, [quota({ cpu: '1' }, {})], [['cpu', 1, 0.05]]],
    [
      'is asked for by all containers together',
      { containers: [container({ cpu: '1' }), container({ cpu: '500m' })] },
      [quota({ 'requests.cpu': '2' })],
      [['requests.cpu', 2, 1.5]],
    ],
    [
      'is asked for by the largest init container, when that is larger',
      {
        containers: [container({ cpu: '1' })],
        initContainers: [container({ cpu: 2 }), container({ cpu: '1' })],
      },
      [quota({ 'requests.cpu': '4' })],
      [['requests.cpu', 4, 2]],
    ],
    [
      'is asked for by a sidecar beside the others',
      {
        containers: [container({ cpu: '1' })],
        initContainers: [{ ...container({ cpu: '1' }), restartPolicy: 'Always' }],
      },
      [quota({ 'requests.cpu': '4' })],
      [['requests.cpu', 4, 2]],
    ],
    [
      'is that of limits too',
      { containers: [container({}, { memory: '1Gi' })] },
      [quota({ 'limits.memory': '4Gi' })],
      [['limits.memory', 2 ** 32, 2 ** 30]],
    ],
    ['is not limited by a quota for other pods', CHART, [quota({ pods: '0' }, {}, true)], []],
    [
      'is not limited in what the pod does not use',
      CHART,
      [quota({ services: '0', 'count/secrets': '1' })],
      [],
    ],
    ['is not judged by numbers that are none', CHART, [quota({ pods: 'many' })], []],
  ])('%s', (_, change, quotas, expected) => {
    const room = measureRoom({ ...CHART, ...change }, quotas);
    expect(room.map(({ resource, free, needed }) => [resource, free, needed])).toEqual(expected);
  });

  it('says which quota it is', () => {
    expect(measureRoom(CHART, [quota({ pods: '1' })])[0]?.limitedBy).toBe('ResourceQuota compute');
  });
});
