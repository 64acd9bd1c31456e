import { DEPLOYMENT_GROUP } from '../records/cluster-group.ts';
import { ANNOTATION_PREFIX, CHANGE_CAUSE } from './annotations.ts';
import { ACCESS_NAME } from './cluster-access.ts';

/**
 * Whoever may patch a pod template could mount any Secret of its namespace or run any command under its service
 * account; RBAC cannot say "only the image". This admission policy can, and it applies to our group alone.
 *
 * CEL has no way to blank a field, so everything but the image is compared, level by level: a field that Kubernetes
 * adds tomorrow is compared as well, since the levels are walked by their keys and not by a list of names.
 */

const WHO = `'${DEPLOYMENT_GROUP}' in request.userInfo.groups`;

/** CEL: both maps have the same keys, and the same value under each key but the one named. */
const sameExcept = (left: string, right: string, except: string): string => {
  const every = (a: string, b: string) =>
    `${a}.all(key, key == '${except}' || (key in ${b} && ${a}[key] == ${b}[key]))`;
  return `(${every(left, right)} && ${every(right, left)})`;
};

/** The API server counts a DaemonSet's templates in an annotation, and does so within the very update. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** CEL: equal but for our own annotations. A map that is absent counts as empty. */
const sameAnnotations = (left: string, right: string): string => {
  const ours = `(key.startsWith('${ANNOTATION_PREFIX}') || key in ['${CHANGE_CAUSE}', '${TEMPLATE_GENERATION}'])`;
  const every = (a: string, b: string) => `${a}.all(key, ${ours} || (key in ${b} && ${a}[key] == ${b}[key]))`;
  return `(${every(left, right)} && ${every(right, left)})`;
};

/** CEL: the same containers in the same order, each equal but for its image. */
const sameContainers = (field: string): string => {
  const list = (spec: string) => `(has(${spec}.${field}) ? ${spec}.${field} : [])`;
  const left = list('variables.newPod');
  const right = list('variables.oldPod');
  const same = sameExcept('new', 'old', 'image');
  return (
    `${left}.map(c, c.name) == ${right}.map(c, c.name) && ` +
    `${left}.all(new, ${right}.exists(old, old.name == new.name && ${same}))`
  );
};

const annotationsOf = (metadata: string): string =>
  `(has(${metadata}.annotations) ? ${metadata}.annotations : {})`;

const isCronJob = "request.resource.resource == 'cronjobs'";
const templateOf = (object: string): string =>
  `dyn(${isCronJob} ? ${object}.spec.jobTemplate.spec.template : ${object}.spec.template)`;
const metadataOf = (template: string): string => `(has(${template}.metadata) ? ${template}.metadata : {})`;

const VARIABLES = [
  ['newTemplate', templateOf('object')],
  ['oldTemplate', templateOf('oldObject')],
  ['newPod', 'dyn(variables.newTemplate.spec)'],
  ['oldPod', 'dyn(variables.oldTemplate.spec)'],
  ['newPodMetadata', `dyn(${metadataOf('variables.newTemplate')})`],
  ['oldPodMetadata', `dyn(${metadataOf('variables.oldTemplate')})`],
  ['newSpec', 'dyn(object.spec)'],
  ['oldSpec', 'dyn(oldObject.spec)'],
  ['newJob', `dyn(${isCronJob} ? object.spec.jobTemplate : {})`],
  ['oldJob', `dyn(${isCronJob} ? oldObject.spec.jobTemplate : {})`],
  ['newJobSpec', `dyn(${isCronJob} ? object.spec.jobTemplate.spec : {})`],
  ['oldJobSpec', `dyn(${isCronJob} ? oldObject.spec.jobTemplate.spec : {})`],
] as const;

const bothLists = 'key in ["containers", "initContainers"]';
const samePodKeys = (a: string, b: string): string =>
  `${a}.all(key, ${bothLists} || (key in ${b} && ${a}[key] == ${b}[key]))`;

const sameField = (field: string): string =>
  `(has(object.metadata.${field}) == has(oldObject.metadata.${field}) && ` +
  `(!has(object.metadata.${field}) || object.metadata.${field} == oldObject.metadata.${field}))`;

const VALIDATIONS = [
  {
    message: 'only annotations of Drydock may change, no label, owner or finalizer',
    expression: [
      sameAnnotations(annotationsOf('object.metadata'), annotationsOf('oldObject.metadata')),
      ...['labels', 'ownerReferences', 'finalizers'].map(sameField),
    ].join(' && '),
  },
  {
    message: 'nothing of the spec outside the pod template may change',
    expression:
      `${isCronJob} ? ${sameExcept('variables.newSpec', 'variables.oldSpec', 'jobTemplate')} && ` +
      `${sameExcept('variables.newJob', 'variables.oldJob', 'spec')} && ` +
      `${sameExcept('variables.newJobSpec', 'variables.oldJobSpec', 'template')} : ` +
      sameExcept('variables.newSpec', 'variables.oldSpec', 'template'),
  },
  {
    message: 'of the pod template metadata only annotations of Drydock may change',
    expression:
      `${sameExcept('variables.newPodMetadata', 'variables.oldPodMetadata', 'annotations')} && ` +
      sameAnnotations(annotationsOf('variables.newPodMetadata'), annotationsOf('variables.oldPodMetadata')),
  },
  {
    message: 'of the pod nothing but images of its containers may change',
    expression:
      `${samePodKeys('variables.newPod', 'variables.oldPod')} && ` +
      samePodKeys('variables.oldPod', 'variables.newPod'),
  },
  { message: 'of a container only the image may change', expression: sameContainers('containers') },
  { message: 'of an init container only the image may change', expression: sameContainers('initContainers') },
];

/** The policy and its binding, as Kubernetes objects. */
export const buildAdmissionPolicy = (): readonly Readonly<Record<string, unknown>>[] => [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: ACCESS_NAME },
    spec: {
      // If the policy itself breaks, our identity may do nothing rather than everything.
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['*'],
            operations: ['UPDATE'],
            resources: ['deployments', 'statefulsets', 'daemonsets'],
          },
          {
            apiGroups: ['batch'],
            apiVersions: ['*'],
            operations: ['UPDATE'],
            resources: ['cronjobs'],
          },
        ],
      },
      matchConditions: [{ name: 'is-drydock', expression: WHO }],
      variables: VARIABLES.map(([name, expression]) => ({ name, expression })),
      validations: VALIDATIONS.map(({ expression, message }) => ({
        expression,
        message: `Drydock: ${message}`,
        reason: 'Forbidden',
      })),
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: ACCESS_NAME },
    spec: { policyName: ACCESS_NAME, validationActions: ['Deny'] },
  },
];
