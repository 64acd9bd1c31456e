import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openMetrics } from '../../functions/clients/metrics.ts';
import { FRESHNESS_METRIC, freshnessDimensions } from '../../functions/records/backup/freshness-metric.ts';
import { openRoleSession } from '../support/role-session.ts';
import { useAws } from '../support/world/use-aws.ts';

/** Metrics on real calls of CloudWatch, with rights that are enforced. */

const local = useAws();
afterAll(() => void vi.unstubAllEnvs());

/** Puts as a role that may do so much. */
const putAs = async (role: string, actions: readonly string[], hours: number) => {
  const { environment } = await openRoleSession(local().aws, role, actions);
  for (const [name, value] of Object.entries({ ...local().aws.environment(), ...environment }))
    vi.stubEnv(name, value);
  const { namespace, name } = FRESHNESS_METRIC;
  const values = [undefined, 'daily'].map((policy) => ({
    name,
    dimensions: freshnessDimensions('production', policy),
    value: hours * 3600,
    unit: 'Seconds' as const,
  }));
  // A region of its own, so that no client is kept from another role.
  await openMetrics(`eu-${role}-1`).put(namespace, values, new Date());
};

describe('the age of the last verified backup', () => {
  it('is written for the environment and for the policy, in seconds', async () => {
    await putAs('writing', ['cloudwatch:PutMetricData'], 7);
    const client = new CloudWatchClient({
      endpoint: local().aws.url,
      region: 'eu-writing-1',
      credentials: local().aws.credentials,
    });
    const { Metrics = [] } = await client.send(
      new ListMetricsCommand({ Namespace: FRESHNESS_METRIC.namespace }),
    );
    expect(
      Metrics.map(({ Dimensions = [] }) => Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join()),
    ).toEqual(expect.arrayContaining(['Environment=production', 'Environment=production,Policy=daily']));
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: FRESHNESS_METRIC.namespace,
        MetricName: FRESHNESS_METRIC.name,
        Dimensions: [
          { Name: 'Environment', Value: 'production' },
          { Name: 'Policy', Value: 'daily' },
        ],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 3_600_000),
        Period: 3600,
        Statistics: ['Maximum'],
      }),
    );
    expect(Datapoints?.map(({ Maximum, Unit }) => [Maximum, Unit])).toEqual([[7 * 3600, 'Seconds']]);
  });

  it('is refused by name to a role without the right', async () => {
    await expect(putAs('reading', ['cloudwatch:ListMetrics'], 1)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'metrics.forbidden',
      permission: 'cloudwatch:PutMetricData',
    });
  });

  it('of nothing is no call', async () => {
    await expect(openMetrics('nowhere-1').put('x', [], new Date())).resolves.toBeUndefined();
  });
});
