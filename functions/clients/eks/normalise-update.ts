import type { Update } from '@aws-sdk/client-eks';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { UpdateSubject } from './eks-reader.ts';
import { given, writeTime } from './normalise-common.ts';

/** The add-on or node group an update is about, by its name; undefined for the cluster itself. */
export const nameSubject = (subject: UpdateSubject | undefined): string | undefined => {
  if (subject === undefined) return undefined;
  return 'addon' in subject ? subject.addon : subject.nodeGroup;
};

/** The parameters by which EKS finds the updates of an add-on or a node group. */
export const addressSubject = (
  subject: UpdateSubject | undefined,
): { readonly addonName?: string; readonly nodegroupName?: string } => {
  if (subject === undefined) return {};
  return 'addon' in subject ? { addonName: subject.addon } : { nodegroupName: subject.nodeGroup };
};

/** DescribeUpdate as a fact. The status stays as EKS writes it: the guide knows more of them than the API does. */
export const normaliseUpdate = (update: Update, subject: UpdateSubject | undefined): UpdateFact => ({
  id: update.id ?? '',
  type: update.type ?? 'unknown',
  status: update.status ?? 'unknown',
  ...given('about', nameSubject(subject)),
  ...given('createdAt', writeTime(update.createdAt)),
  params: Object.fromEntries((update.params ?? []).map(({ type, value }) => [type ?? '', value ?? ''])),
  errors: (update.errors ?? []).map(({ errorCode, errorMessage, resourceIds }) => ({
    code: errorCode ?? 'Unknown',
    message: errorMessage ?? '',
    resources: [...(resourceIds ?? [])],
  })),
});
