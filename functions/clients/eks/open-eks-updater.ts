import {
  CancelUpdateCommand,
  type Update,
  UpdateAddonCommand,
  UpdateClusterVersionCommand,
  UpdateNodegroupVersionCommand,
} from '@aws-sdk/client-eks';
import { DefectError } from '../../runtime/errors.ts';
import { callEks, type EksCall } from './eks-call.ts';
import type { UpdateSubject } from './eks-reader.ts';
import type { EksUpdater, UpdateAnswer } from './eks-updater.ts';
import { given } from './normalise-common.ts';
import { nameSubject, normaliseUpdate } from './normalise-update.ts';
import { readRefusal } from './refused-update.ts';

/** Opens EKS of a region for changing clusters, with the credentials of this process. Errors as `openEksReader`. */
export const openEksUpdater = (region: string): EksUpdater => ({
  updateClusterVersion: ({ cluster, version, token, rollbackTimeoutMinutes: minutes }) =>
    ask({ operation: 'UpdateClusterVersion', cluster, region }, ({ client, options }) =>
      client.send(
        new UpdateClusterVersionCommand({
          name: cluster,
          version,
          clientRequestToken: token,
          ...given('rollbackConfig', minutes === undefined ? undefined : { timeoutMinutes: minutes }),
        }),
        options,
      ),
    ),

  // What is not sent stays as it is; an empty list of pod identities would delete them.
  updateAddon: ({ cluster, addon, version, conflicts, token }) =>
    ask({ operation: 'UpdateAddon', cluster, region, subject: { addon } }, ({ client, options }) =>
      client.send(
        new UpdateAddonCommand({
          clusterName: cluster,
          addonName: addon,
          addonVersion: version,
          resolveConflicts: conflicts,
          clientRequestToken: token,
        }),
        options,
      ),
    ),

  updateNodeGroup: ({ cluster, nodeGroup, version, launchTemplate, token }) =>
    ask(
      { operation: 'UpdateNodegroupVersion', cluster, region, subject: { nodeGroup } },
      ({ client, options }) =>
        client.send(
          new UpdateNodegroupVersionCommand({
            clusterName: cluster,
            nodegroupName: nodeGroup,
            clientRequestToken: token,
            ...given('version', version),
            ...given('launchTemplate', launchTemplate),
          }),
          options,
        ),
    ),

  cancelUpdate: (cluster, id) =>
    ask({ operation: 'CancelUpdate', cluster, region }, ({ client, options }) =>
      client.send(new CancelUpdateCommand({ name: cluster, updateId: id }), options),
    ),
});

/** Which operation, on what. */
interface UpdateQuestion {
  readonly operation: string;
  readonly cluster: string;
  readonly region: string;
  readonly subject?: UpdateSubject;
}

const ask = async (
  { subject, ...question }: UpdateQuestion,
  call: (eks: EksCall) => Promise<{ readonly update?: Update | undefined }>,
): Promise<UpdateAnswer> =>
  callEks({ ...question, about: describeSubject(subject) }, undefined, async (eks) => {
    try {
      const { update } = await call(eks);
      if (update?.id) return { ok: true, update: normaliseUpdate(update, subject) };
    } catch (error) {
      const refusal = readRefusal(error);
      if (refusal) return refusal;
      throw error;
    }
    throw new DefectError('eks.no-update', `EKS answered ${question.operation} without an update.`);
  });

const describeSubject = (subject: UpdateSubject | undefined): string | undefined =>
  subject && `${'addon' in subject ? 'add-on' : 'node group'} ${nameSubject(subject)}`;
