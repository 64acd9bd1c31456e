import * as z from 'zod';
import type { ObjectRef } from './kubernetes-job.ts';

/** NetworkPolicies of Kubernetes, `networking.k8s.io/v1`. What we do not read of a rule is kept as it is. */

const Rule = z.looseObject({});

export const NetworkPolicySpec = z.looseObject({
  podSelector: z.looseObject({}).default({}),
  policyTypes: z.array(z.string()).default([]),
  ingress: z.array(Rule).optional(),
  egress: z.array(Rule).optional(),
});
export type NetworkPolicySpec = z.output<typeof NetworkPolicySpec>;

/** One that is to be made, in the shape that the API server takes. */
export interface NetworkPolicyManifest {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: NetworkPolicySpec;
}

/** One as it stands. */
export interface NetworkPolicy extends ObjectRef {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: NetworkPolicySpec;
}
