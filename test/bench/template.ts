import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { World } from '../../infra/local/world/start-world.ts';

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .object({ MemorySize: z.number().optional(), Metrics: z.array(z.unknown()).optional() })
        .optional(),
    }),
  ),
});

/** What the deployed stack consists of. */
export interface StackParts {
  count(type: string): number;
  /**
   * Metrics that alarms watch, which is what they are charged by: one that looks at nine costs nine times as much.
   *
   * @param within of alarms whose logical id holds this.
   */
  alarmMetrics(within?: string): number;
  /** Memory of a Lambda, `deployment/<verb-noun>`, in GB. @throws Error when there is none of that name. */
  memoryOf(entry: string): number;
}

/** Reads the template that the world was deployed from. */
export const readStackParts = async ({ folder }: World): Promise<StackParts> => {
  const text = await readFile(join(folder, 'cdk', 'cdk.out', 'drydock-local.template.json'), 'utf8');
  const resources = Object.entries(Template.parse(JSON.parse(text)).Resources);
  return {
    count: (type) => resources.filter(([, { Type }]) => Type === type).length,
    alarmMetrics: (within = '') =>
      resources
        .filter(([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.includes(within))
        .reduce((sum, [, { Properties }]) => sum + countMetrics(Properties?.Metrics), 0),
    memoryOf: (entry) => {
      const beginning = `${toPascalCase(entry)}Function`;
      const found = resources.find(
        ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(beginning),
      );
      const megabytes = found?.[1].Properties?.MemorySize;
      if (megabytes === undefined) throw new Error(`The template has no Lambda ${entry}.`);
      return megabytes / 1_024;
    },
  };
};

/** An alarm on one metric has no list of them; one on several has expressions among them, which cost nothing. */
const countMetrics = (queries: readonly unknown[] | undefined): number =>
  queries?.filter((query) => Object.hasOwn(Object(query), 'MetricStat')).length ?? 1;

/** `deployment/apply-image` is `DeploymentApplyImage` in the template. */
const toPascalCase = (entry: string): string =>
  entry.replaceAll(/(?:^|[-/])([a-z])/g, (_, letter: string) => letter.toUpperCase());
