import type { Finding } from '../../../functions/records/upgrade/finding.ts';

/** What was found, as the checks would say it. */

const EKS = 'aws eks --region eu-central-1';
const CLUSTER = '--cluster-name gitlab-production';

const REMOVED_APIS = 'No object uses an API that the next version no longer serves';

export const SAMPLE_FINDINGS: readonly Finding[] = [
  {
    id: '8a1f5c0e77b2d904',
    check: 'removed-apis',
    title: REMOVED_APIS,
    result: 'block',
    subject: 'ValidatingAdmissionPolicy require-labels',
    step: '1.35',
    message:
      'admissionregistration.k8s.io/v1beta1 is no longer served; whoever writes it by that version is refused.',
    remedy: {
      text: 'Write it as admissionregistration.k8s.io/v1, which is served since 1.30.',
      command: 'kubectl convert -f require-labels.yaml --output-version admissionregistration.k8s.io/v1',
      link: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
    },
    evidence: [
      'managedFields of kustomize-controller, written 2026-11-09T16:20:44Z, high confidence',
      'Helm release platform/policies, chart policies-2.1.0',
    ],
  },
  {
    id: '5d1e0b7c92a4f318',
    check: 'disruption-budgets',
    title: 'Every budget lets at least one pod go, so that nodes can be drained',
    result: 'block',
    subject: 'PodDisruptionBudget gitlab/gitlab-gitaly',
    step: '1.35',
    message:
      'It allows no disruption: the update of node group stateful fails with PodEvictionFailure after 15 minutes.',
    remedy: {
      text: 'Allow one pod to go while nodes are replaced, or plan a window in which Gitaly may restart.',
      command:
        'kubectl -n gitlab patch pdb gitlab-gitaly --type merge -p \'{"spec":{"maxUnavailable":1,"minAvailable":null}}\'',
    },
    evidence: ['minAvailable 1, 1 pod, 1 healthy, 0 disruptions allowed'],
  },
  {
    id: '91c7d2ab5e60f3f8',
    check: 'al2-images',
    title: 'No node runs Amazon Linux 2, for which there are no images any more',
    result: 'block',
    subject: 'node group stateful',
    step: '1.35',
    message: 'It takes Amazon Linux 2, and there is no EKS image of it for 1.35: its nodes can not follow.',
    remedy: {
      text: 'Move to Amazon Linux 2023 or Bottlerocket: a new group beside it, drain the old nodes, remove the old one.',
      link: 'https://docs.aws.amazon.com/eks/latest/userguide/al2023.html',
    },
    evidence: ['type of image AL2_x86_64', '3 nodes with Amazon Linux 2'],
  },
  {
    id: '2f66a0c4d7719be3',
    check: 'helm-releases',
    title: REMOVED_APIS,
    result: 'not-checked',
    subject: 'Helm releases in namespace payments',
    step: '1.35',
    message: 'Helm releases in namespace payments could not be read: secrets is forbidden.',
    remedy: {
      text: 'Let the check read the Secrets of that namespace, or post the rendered manifests of its charts.',
      command: 'kubectl apply -f cluster-access.yaml',
    },
    evidence: [],
    permission: 'list secrets in payments',
  },
  {
    id: 'c3b9ee1240a75d81',
    check: 'addon-versions',
    title: 'Every add-on has a version that runs before and after the step',
    result: 'warn',
    subject: 'add-on vpc-cni',
    step: '1.35',
    message:
      'v1.19.2-eksbuild.5 runs with 1.35 and not with 1.36; it has to move first, one minor at a time.',
    remedy: {
      text: 'Move it to v1.20.4-eksbuild.1, which runs with 1.34, 1.35 and 1.36.',
      command: `${EKS} update-addon ${CLUSTER} --addon-name vpc-cni --addon-version v1.20.4-eksbuild.1 --resolve-conflicts PRESERVE`,
    },
    evidence: ['offered for 1.36: v1.21.0-eksbuild.2, v1.20.4-eksbuild.1'],
  },
  {
    id: 'e07b44c19fd0a562',
    check: 'subnet-addresses',
    title: 'Every zone has the free addresses that the update needs',
    result: 'warn',
    subject: 'subnet subnet-0c41f7a2 (eu-central-1b)',
    step: '1.35',
    message: '23 addresses are free, and the update of node group general needs 38 while both nodes stand.',
    remedy: {
      text: 'Free some addresses, add a subnet to the group, or let one node at a time be replaced.',
      command: `${EKS} update-nodegroup-config ${CLUSTER} --nodegroup-name general --update-config maxUnavailable=1`,
    },
    evidence: ['2 nodes at a time, 19 addresses a node (m7i.xlarge, prefix delegation off)'],
  },
  {
    id: '77d0f1c86b3e2a95',
    check: 'ingress-nginx',
    title: 'No workload runs the retired ingress-nginx',
    result: 'warn',
    subject: 'Deployment gitlab/gitlab-nginx-ingress-controller',
    step: '1.35',
    message:
      'ingress-nginx was retired on 2026-03-24 and gets no more fixes, whatever the version of Kubernetes.',
    remedy: {
      text: 'Move to the Envoy Gateway that the GitLab chart brings since 19.0.',
      link: 'https://docs.gitlab.com/charts/charts/nginx/',
    },
    evidence: [
      'image registry.gitlab.com/gitlab-org/cloud-native/mirror/images/ingress-nginx/controller:v1.11.8',
    ],
  },
  {
    id: '40be9d52c8a1077f',
    check: 'gitlab-version',
    title: 'GitLab supports the new version',
    result: 'warn',
    subject: 'GitLab in gitlab/gitlab',
    step: '1.36',
    message: 'GitLab 19.2 supports Kubernetes up to 1.35; 1.36 needs 19.4.',
    remedy: {
      text: 'Upgrade GitLab to 19.4 before the step to 1.36.',
      link: 'https://docs.gitlab.com/charts/installation/cloud/',
    },
    evidence: ['chart gitlab-10.2.1, app version v19.2.1'],
  },
  {
    id: '13a8c6e09bd4f752',
    check: 'do-not-disrupt-pods',
    title: 'No pod forbids that its node is replaced',
    result: 'warn',
    subject: 'Deployment batch/nightly-export',
    step: '1.35',
    message:
      'karpenter.sh/do-not-disrupt keeps its nodes at the old version until its pods end by themselves.',
    remedy: { text: 'Take the annotation off for the time of the upgrade.' },
    evidence: ['annotation in the pod template'],
    ignored: { reason: 'The export ends each morning at 04:00', expires: '2027-01-31' },
  },
];
