import { AuthorizationV1Api } from '@kubernetes/client-node';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';

/** May this identity do that? `group` is the API group, empty for the core. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** Plural, with the subresource after a slash: `pods/log`. */
  readonly resource: string;
  /** Of one object alone; absent: of any. */
  readonly name?: string;
  /** Empty: in all namespaces. */
  readonly namespace: string;
}

export interface AccessAnswer extends AccessQuestion {
  readonly allowed: boolean;
  /** The authorizer's reason, often empty. */
  readonly reason: string;
}

/** Somebody else whose rights are asked for. */
export interface AccessSubject {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * Asks the API server by SelfSubjectAccessReview, which every authenticated identity may do; about somebody else by
 * SubjectAccessReview, which takes an administrator.
 */
export const reviewAccess = (
  connection: KubernetesConnection,
  questions: readonly AccessQuestion[],
  subject?: AccessSubject,
): Promise<readonly AccessAnswer[]> =>
  Promise.all(
    questions.map(async (question) => {
      const [resource = '', subresource] = question.resource.split('/');
      const resourceAttributes = {
        verb: question.verb,
        group: question.group,
        resource,
        ...(question.name ? { name: question.name } : {}),
        ...(question.namespace ? { namespace: question.namespace } : {}),
        ...(subresource ? { subresource } : {}),
      };
      const { status } = await callKubernetes(
        connection,
        subject ? `review the rights of ${subject.user}` : 'review our own rights',
        undefined,
        (config, options) => {
          const api = config.makeApiClient(AuthorizationV1Api);
          if (!subject) {
            return api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } }, options);
          }
          const spec = { user: subject.user, groups: [...subject.groups], resourceAttributes };
          return api.createSubjectAccessReview({ body: { spec } }, options);
        },
      );
      return { ...question, allowed: status?.allowed ?? false, reason: status?.reason ?? '' };
    }),
  );
