import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { QuotaFact } from '../../records/upgrade/aws-facts.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';
import { countStandardVcpus, measureVolumes } from './capacity-in-use.ts';

const useQuotas = perRegion((region) => new ServiceQuotasClient({ ...AWS_SETTINGS, region }));

/** What new nodes draw on. Codes: Service Quotas console, "Amazon EC2" and "Amazon EBS". */
const QUOTAS = {
  vcpus: {
    service: 'ec2',
    code: 'L-1216C47A',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    unit: 'vCPU',
  },
  gp2: {
    service: 'ebs',
    code: 'L-D18FCD1D',
    name: 'Storage for General Purpose SSD (gp2) volumes',
    unit: 'TiB',
  },
  gp3: {
    service: 'ebs',
    code: 'L-7A658B76',
    name: 'Storage for General Purpose SSD (gp3) volumes',
    unit: 'TiB',
  },
} as const;

/** Running standard vCPUs and EBS storage of the region, each against its quota. */
export const readQuotas = async (region: string, signal?: AbortSignal): Promise<QuotaFact[]> => {
  const [vcpus, volumes] = await Promise.all([
    countStandardVcpus(region, signal),
    measureVolumes(region, signal),
  ]);
  const used = { vcpus, ...volumes };
  return Promise.all(
    (['vcpus', 'gp2', 'gp3'] as const).map(async (kind) => {
      const { code, name, unit } = QUOTAS[kind];
      return { code, name, unit, used: used[kind], limit: await readLimit(region, QUOTAS[kind], signal) };
    }),
  );
};

type Quota = (typeof QUOTAS)[keyof typeof QUOTAS];

/** The limit of this account; the default of AWS when it was never touched. */
const readLimit = async (region: string, quota: Quota, signal: AbortSignal | undefined): Promise<number> => {
  const input = { ServiceCode: quota.service, QuotaCode: quota.code };
  const applied = await askQuota(region, quota, 'GetServiceQuota', (client) =>
    client.send(new GetServiceQuotaCommand(input), limitTime(signal)),
  );
  if (applied?.Value !== undefined) return applied.Value;
  const standard = await askQuota(region, quota, 'GetAWSDefaultServiceQuota', (client) =>
    client.send(new GetAWSDefaultServiceQuotaCommand(input), limitTime(signal)),
  );
  if (standard?.Value !== undefined) return standard.Value;
  const message = `Service Quotas in ${region} does not know the quota ${quota.code} (${quota.name}).`;
  throw new RefusedError('aws.missing', message);
};

/** Undefined when Service Quotas knows no value of this kind. */
const askQuota = async (
  region: string,
  { code, name }: Quota,
  operation: string,
  call: (client: ServiceQuotasClient) => Promise<{ readonly Quota?: ServiceQuota | undefined }>,
): Promise<ServiceQuota | undefined> => {
  try {
    return (await call(useQuotas(region))).Quota;
  } catch (error) {
    const explained = explainAwsError(error, {
      scope: 'aws',
      service: 'Service Quotas',
      action: `servicequotas:${operation}`,
      where: `quota ${code} (${name}) in ${region}`,
    });
    if (explained.code === 'aws.missing') return undefined;
    throw explained;
  }
};
