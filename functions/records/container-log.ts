import * as z from 'zod';
import { Execution } from './execution.ts';

/** The last lines of the containers of a failed rollout. May hold secrets of the application: it expires. */
export const ContainerLog = z.object({
  version: z.literal(1),
  rollout: z.string(),
  execution: Execution,
  at: z.iso.datetime(),
  logs: z.array(
    z.object({ pod: z.string(), container: z.string(), previous: z.boolean(), lines: z.array(z.string()) }),
  ),
});
export type ContainerLog = z.output<typeof ContainerLog>;

export const containerLogKind = { name: 'container log', schema: ContainerLog };
/** The bucket's lifecycle deletes what lies under this prefix after 14 days. */
export const CONTAINER_LOG_PREFIX = 'logs/';
export const containerLogKey = (rollout: string): string => `${CONTAINER_LOG_PREFIX}${rollout}.json`;
