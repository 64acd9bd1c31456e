import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readConfigurationFile } from '../../functions/records/configuration/parse-configuration.ts';
import { STEPS_AN_ALARM } from '../../infra/constructs/alarm-rules.ts';
import { countResources } from '../../infra/install/synthesised-site.ts';
import { makeBackupConfiguration } from './support/backup-stacks.ts';
import { listResources, synthesise } from './support/stacks.ts';

const Query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  ReturnData: z.boolean().optional(),
  MetricStat: z
    .object({
      Metric: z.object({
        MetricName: z.string(),
        Dimensions: z.array(z.object({ Value: z.object({ Ref: z.string() }) })),
      }),
      Period: z.number(),
      Stat: z.string(),
    })
    .optional(),
});
const Alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  Metrics: z.array(Query).default([]),
});

const { template } = synthesise(makeBackupConfiguration());
const alarms = listResources(template)
  .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
  .map(({ Properties }) => Alarm.parse(Properties));
const ending = (name: string) => alarms.filter(({ AlarmName }) => AlarmName.endsWith(name));
const shared = (name: string) => ending(name).filter(({ Metrics }) => Metrics.length > 0);
const watchedBy = (metric: string, found: readonly z.output<typeof Alarm>[]): string[] =>
  found.flatMap(({ Metrics }) =>
    Metrics.flatMap(({ MetricStat }) =>
      MetricStat?.Metric.MetricName === metric ? (MetricStat.Metric.Dimensions[0]?.Value.Ref ?? []) : [],
    ),
  );

/** Every function that a machine calls, by its logical id. */
const steps = [
  ...new Set(
    JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine')).match(
      /\w+Function[0-9A-F]{8}/g,
    ),
  ),
].toSorted();

describe('functions behind machines', () => {
  test.each([
    ['Throttles', 'Throttles'],
    ['NearTimeout', 'Duration'],
  ])('are each watched by one alarm %s', (alarm, metric) => {
    expect(watchedBy(metric, shared(alarm)).toSorted()).toEqual(steps);
  });

  test('share alarms that CloudWatch takes: 10 metrics and 10 expressions at most', () => {
    for (const { Metrics } of alarms) {
      expect(Metrics.filter(({ MetricStat }) => MetricStat).length).toBeLessThanOrEqual(10);
      expect(Metrics.filter(({ Expression }) => Expression !== undefined).length).toBeLessThanOrEqual(10);
    }
    expect(STEPS_AN_ALARM).toBe(9);
  });

  test('are told when one of them is turned away for a quarter of an hour', () => {
    for (const { Metrics, Threshold, EvaluationPeriods } of shared('Throttles')) {
      const ids = Metrics.filter(({ MetricStat }) => MetricStat).map(({ Id }) => Id);
      expect(Metrics.find(({ Expression }) => Expression)?.Expression).toBe(`SUM([${ids.join(', ')}])`);
      expect({ Threshold, EvaluationPeriods }).toEqual({ Threshold: 1, EvaluationPeriods: 3 });
    }
  });

  test('are told when one of them needs nearly all of its own time', () => {
    const functions = template.findResources('AWS::Lambda::Function');
    for (const { Metrics, Threshold } of shared('NearTimeout')) {
      expect(Threshold).toBe(0.9);
      for (const { Id, MetricStat } of Metrics.filter((query) => query.MetricStat)) {
        const name = MetricStat?.Metric.Dimensions[0]?.Value.Ref ?? '';
        const limit = Number(functions[name]?.['Properties'].Timeout) * 1_000;
        expect(Metrics.map(({ Expression }) => Expression)).toContain(`${Id} / ${limit}`);
      }
      const shares = Metrics.filter(({ Expression }) => Expression?.includes('/')).map(({ Id }) => Id);
      expect(Metrics.find(({ Expression }) => Expression?.startsWith('MAX'))?.Expression).toBe(
        `MAX([${shares.join(', ')}])`,
      );
    }
  });

  test('are named in what the alarm says', () => {
    const told = shared('Throttles').map(({ AlarmDescription }) => AlarmDescription);
    expect(told.join(' ')).toMatch(/[:,] backup\/begin-backup, .*, backup\/verify-set, /);
    expect(told.every((text) => text.length <= 1_024)).toBe(true);
  });
});

const example = await readConfigurationFile('drydock.yaml');
const counts = example.ok ? countResources(example.configuration, 'main') : new Map<string, number>();

test('a site with every capability keeps room for more in one stack, of which CloudFormation takes 500 resources', () => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(200);
  expect(total).toBeLessThan(450);
});
