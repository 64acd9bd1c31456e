import * as z from 'zod';
import { KubernetesMinor } from '../kubernetes-version.ts';

/** What EKS and the account around it say. Times are ISO 8601 in UTC. Shapes follow the EKS API reference. */

const HealthIssue = z.object({ code: z.string(), message: z.string(), resources: z.array(z.string()) });

/** DescribeCluster. */
export const ClusterFact = z.object({
  name: z.string(),
  arn: z.string(),
  version: KubernetesMinor,
  platformVersion: z.string(),
  status: z.string(),
  /** `upgradePolicy.supportType`: a wish, not the state, which follows from version and date. */
  supportType: z.enum(['STANDARD', 'EXTENDED']),
  issues: z.array(HealthIssue),
  subnetIds: z.array(z.string()),
  securityGroupIds: z.array(z.string()),
  roleArn: z.string(),
  /** Keys that encrypt Secrets. */
  keyArns: z.array(z.string()),
  /** EKS Auto Mode: nodes follow the control plane by themselves. */
  autoMode: z.boolean(),
  hybrid: z.boolean(),
});
export type ClusterFact = z.output<typeof ClusterFact>;

/** One version of DescribeClusterVersions. Days are midnight UTC, `2026-12-02`. */
export const VersionFact = z.object({
  version: KubernetesMinor,
  status: z.enum(['standard', 'extended', 'unsupported']),
  isDefault: z.boolean(),
  released: z.iso.date().optional(),
  standardEnds: z.iso.date(),
  extendedEnds: z.iso.date(),
  /** `table`: EKS could not be asked, so this is our own copy of the calendar, and may be behind. */
  source: z.enum(['eks', 'table']),
});
export type VersionFact = z.output<typeof VersionFact>;

/** One cluster insight, with the details of DescribeInsight. */
export const InsightFact = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  /** The version it speaks of; absent when it concerns any. */
  version: KubernetesMinor.optional(),
  status: z.enum(['PASSING', 'WARNING', 'ERROR', 'UNKNOWN']),
  reason: z.string(),
  description: z.string(),
  recommendation: z.string(),
  refreshedAt: z.iso.datetime().optional(),
  changedAt: z.iso.datetime().optional(),
  links: z.record(z.string(), z.string()),
  resources: z.array(z.object({ name: z.string(), status: z.string() })),
  deprecations: z.array(
    z.object({
      /** Path of the deprecated API: `/apis/policy/v1beta1/podsecuritypolicies`. */
      usage: z.string(),
      replacedWith: z.string(),
      stopServing: z.string(),
      clients: z.array(
        z.object({
          userAgent: z.string(),
          requests30Days: z.number(),
          lastRequest: z.iso.datetime().optional(),
        }),
      ),
    }),
  ),
  addons: z.array(z.object({ name: z.string(), compatible: z.array(z.string()) })),
});
export type InsightFact = z.output<typeof InsightFact>;

/** A managed add-on with every version that EKS offers of it. */
export const AddonFact = z.object({
  name: z.string(),
  version: z.string(),
  status: z.string(),
  issues: z.array(HealthIssue),
  /** Newest first, by our own order: semantic version, then the number of the EKS build. */
  offered: z.array(
    z.object({
      version: z.string(),
      clusters: z.array(KubernetesMinor),
      defaultFor: z.array(KubernetesMinor),
    }),
  ),
});
export type AddonFact = z.output<typeof AddonFact>;

export const NodeGroupFact = z.object({
  name: z.string(),
  status: z.string(),
  version: KubernetesMinor.optional(),
  releaseVersion: z.string(),
  amiType: z.string(),
  capacityType: z.string(),
  issues: z.array(HealthIssue),
  /** `used` is the version that the group really runs. */
  launchTemplate: z
    .object({
      id: z.string(),
      name: z.string(),
      used: z.string(),
      newest: z.string().optional(),
      default: z.string().optional(),
      /** It names an AMI of its own, so EKS cannot choose one. */
      customAmi: z.boolean().optional(),
    })
    .optional(),
  minSize: z.int(),
  maxSize: z.int(),
  desiredSize: z.int(),
  maxUnavailable: z.int().optional(),
  maxUnavailablePercentage: z.int().optional(),
  strategy: z.enum(['DEFAULT', 'MINIMAL']),
  subnetIds: z.array(z.string()),
  instanceTypes: z.array(z.string()),
});
export type NodeGroupFact = z.output<typeof NodeGroupFact>;

export const FargateFact = z.object({
  name: z.string(),
  status: z.string(),
  subnetIds: z.array(z.string()),
});
export type FargateFact = z.output<typeof FargateFact>;

/** A subnet that the control plane or nodes use. `exists` false: it is named and gone. */
export const SubnetFact = z.object({
  id: z.string(),
  exists: z.boolean(),
  zone: z.string(),
  freeAddresses: z.int(),
  /** `pods`: named by an ENIConfig, for custom networking. */
  usedBy: z.array(z.enum(['cluster', 'node group', 'fargate', 'pods'])),
});
export type SubnetFact = z.output<typeof SubnetFact>;

export const QuotaFact = z.object({
  code: z.string(),
  name: z.string(),
  used: z.number(),
  limit: z.number(),
  unit: z.string(),
});
export type QuotaFact = z.output<typeof QuotaFact>;

/** Something the control plane stands on: its role, a key, a security group. */
export const IdentityFact = z.object({
  kind: z.enum(['role', 'key', 'security group']),
  id: z.string(),
  usable: z.boolean(),
  /** Why not: `Disabled`, `PendingDeletion`, `does not exist`, `does not trust eks.amazonaws.com`. */
  reason: z.string(),
});
export type IdentityFact = z.output<typeof IdentityFact>;

/** An update that EKS knows of. An unknown status counts as one that runs. */
export const UpdateFact = z.object({
  id: z.string(),
  type: z.string(),
  /** `InProgress`, `Failed`, `Cancelled`, `Successful`, or what EKS says beyond that. */
  status: z.string(),
  /** The add-on or node group it is about; absent for the cluster itself. */
  about: z.string().optional(),
  createdAt: z.iso.datetime().optional(),
  params: z.record(z.string(), z.string()),
  errors: z.array(z.object({ code: z.string(), message: z.string(), resources: z.array(z.string()) })),
});
export type UpdateFact = z.output<typeof UpdateFact>;
