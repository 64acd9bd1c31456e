import { AuthorizationV1Api } from '@kubernetes/client-node';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';

/** May this identity do that? `group` is the API group, empty for the core. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** Plural, with the subresource after a slash: `pods/log`. */
  readonly resource: string;
  /** Empty: in all namespaces. */
  readonly namespace: string;
}

export interface AccessAnswer extends AccessQuestion {
  readonly allowed: boolean;
  /** The authorizer's reason, often empty. */
  readonly reason: string;
}

/** Asks the API server by SelfSubjectAccessReview, which every authenticated identity may do. */
export const reviewAccess = (
  connection: KubernetesConnection,
  questions: readonly AccessQuestion[],
): Promise<readonly AccessAnswer[]> =>
  Promise.all(
    questions.map(async (question) => {
      const [resource = '', subresource] = question.resource.split('/');
      const resourceAttributes = {
        verb: question.verb,
        group: question.group,
        resource,
        ...(question.namespace ? { namespace: question.namespace } : {}),
        ...(subresource ? { subresource } : {}),
      };
      const { status } = await callKubernetes(
        connection,
        'review our own rights',
        undefined,
        (config, options) =>
          config
            .makeApiClient(AuthorizationV1Api)
            .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } }, options),
      );
      return { ...question, allowed: status?.allowed ?? false, reason: status?.reason ?? '' };
    }),
  );
