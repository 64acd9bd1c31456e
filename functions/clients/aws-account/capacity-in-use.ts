import { type Instance, paginateDescribeInstances, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { callEc2 } from './ec2-client.ts';

/**
 * Families that the quota "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" counts, by the letters
 * before the number of an instance type. `im4gn` and `is4gen` are of family I; `inf`, `hpc`, `dl` and the rest have
 * quotas of their own. Source: EC2 user guide, "On-Demand Instance quotas".
 */
const STANDARD_FAMILIES = new Set(['a', 'c', 'd', 'h', 'i', 'im', 'is', 'm', 'r', 't', 'z']);

/** `m7g.large` is of family `m`. */
const familyOf = (instanceType: string): string => /^([a-z]+)\d/.exec(instanceType)?.[1] ?? '';

/** Spot instances and capacity blocks are not on demand, and a dedicated host has a quota as a whole. */
const isOnDemand = ({ InstanceLifecycle, Placement }: Instance): boolean =>
  InstanceLifecycle === undefined && Placement?.Tenancy !== 'host';

const countVcpus = (instance: Instance): number =>
  isOnDemand(instance) && STANDARD_FAMILIES.has(familyOf(instance.InstanceType ?? ''))
    ? (instance.CpuOptions?.CoreCount ?? 0) * (instance.CpuOptions?.ThreadsPerCore ?? 1)
    : 0;

/** vCPUs of the running on-demand instances of the standard families, by DescribeInstances, a page at a time. */
export const countStandardVcpus = async (region: string, signal?: AbortSignal): Promise<number> =>
  callEc2(
    { operation: 'DescribeInstances', about: 'instances', region },
    signal,
    async ({ client, options }) => {
      const states = { Name: 'instance-state-name', Values: ['pending', 'running'] };
      const pages = paginateDescribeInstances({ client, pageSize: 1_000 }, { Filters: [states] }, options);
      let vcpus = 0;
      for await (const { Reservations } of pages) {
        for (const { Instances } of Reservations ?? []) {
          for (const instance of Instances ?? []) vcpus += countVcpus(instance);
        }
      }
      return vcpus;
    },
  );

export type VolumeKind = 'gp2' | 'gp3';
const GIB_PER_TIB = 1_024;

/** TiB of gp2 and gp3 volumes, attached or not, by DescribeVolumes. */
export const measureVolumes = async (
  region: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<VolumeKind, number>>> =>
  callEc2({ operation: 'DescribeVolumes', about: 'volumes', region }, signal, async ({ client, options }) => {
    const kinds = { Name: 'volume-type', Values: ['gp2', 'gp3'] };
    const pages = paginateDescribeVolumes({ client, pageSize: 500 }, { Filters: [kinds] }, options);
    const gib: Record<VolumeKind, number> = { gp2: 0, gp3: 0 };
    for await (const { Volumes } of pages) {
      for (const { VolumeType: kind, Size } of Volumes ?? []) {
        if (kind === 'gp2' || kind === 'gp3') gib[kind] += Size ?? 0;
      }
    }
    return { gp2: gib.gp2 / GIB_PER_TIB, gp3: gib.gp3 / GIB_PER_TIB };
  });
