import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';

/** What EKS made of an update that was asked for; a `busy` cluster has another one under way. */
export type UpdateAnswer =
  | { readonly ok: true; readonly update: UpdateFact }
  | {
      readonly ok: false;
      /** `not-ready`: EKS's own readiness check says no (InvalidState). `invalid`: the request can never work. */
      readonly reason: 'busy' | 'not-ready' | 'invalid' | 'missing';
      readonly message: string;
    };

/**
 * EKS as an upgrade changes it. `token` is the client request token: the same one is the same update, whoever asks
 * again. Throws as `EksReader` does.
 */
export interface EksUpdater {
  /** One minor up, or one down: then EKS rolls back, and waits for Auto Mode nodes for `rollbackTimeoutMinutes`. */
  updateClusterVersion(request: {
    readonly cluster: string;
    readonly version: KubernetesMinor;
    readonly token: string;
    readonly rollbackTimeoutMinutes?: number;
  }): Promise<UpdateAnswer>;
  /** Keeps configuration, role and pod identities of the add-on as they are. */
  updateAddon(request: {
    readonly cluster: string;
    readonly addon: string;
    readonly version: string;
    readonly conflicts: 'NONE' | 'OVERWRITE' | 'PRESERVE';
    readonly token: string;
  }): Promise<UpdateAnswer>;
  /** Never by force. With a launch template of a custom AMI neither version nor release is sent. */
  updateNodeGroup(request: {
    readonly cluster: string;
    readonly nodeGroup: string;
    readonly version?: KubernetesMinor;
    readonly launchTemplate?: { readonly id: string; readonly version: string };
    readonly token: string;
  }): Promise<UpdateAnswer>;
  cancelUpdate(cluster: string, id: string): Promise<UpdateAnswer>;
}
