import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { KubernetesMinor } from '../records/kubernetes-version.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

/** What the person in the console reads when what they wrote is none of these; each can be copied. */
const FORMS =
  'write one of\n' +
  '  {}, for every cluster\n' +
  '  {"cluster":"<environment or cluster>"}, if you like with "target":"1.36"\n' +
  'Each with "gate":true returns an outcome for a pipeline, and tells nobody.';

/** What a person, a schedule or a pipeline asks for. */
const Request = z
  .strictObject(
    {
      cluster: z.string().min(1).optional(),
      target: KubernetesMinor.optional(),
      gate: z.boolean().default(false),
    },
    { error: FORMS },
  )
  .refine(({ cluster, target }) => target === undefined || cluster !== undefined, {
    error: `A target is one cluster's; ${FORMS}`,
  });

export const Input = z.object({ execution: Execution, request: Request });

export const Output = z.object({
  gate: z.boolean(),
  checks: z.array(
    z.object({
      /** Name of the `cluster-check` execution: the same when planned again. */
      name: z.string(),
      check: z.object({
        cluster: z.string(),
        target: KubernetesMinor.optional(),
        gate: z.boolean(),
      }),
    }),
  ),
  /** Messages published that an earlier execution had written down and not sent. */
  published: z.int().nonnegative(),
});
