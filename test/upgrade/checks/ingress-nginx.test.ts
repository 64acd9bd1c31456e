import { ingressNginx } from '../../../functions/upgrade/checks/ingress-nginx.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const running = (image: string) => ({
  workloads: topicOf(buildWorkloadFact({ images: ['busybox:1', image] })),
});
const GITLAB = 'registry.gitlab.com/gitlab-org/cloud-native/mirror/images/ingress-nginx/controller:v1.11.8';

describeCheck(ingressNginx, [
  ...[
    'registry.k8s.io/ingress-nginx/controller:v1.12.0@sha256:0123',
    'registry.k8s.io/ingress-nginx/controller-chroot:v1.12.0',
    'k8s.gcr.io/ingress-nginx/controller:v1.1.0',
    'mirror.example.com:5000/k8s/ingress-nginx/controller:v1.12.0',
    '111122223333.dkr.ecr.eu-central-1.amazonaws.com/ingress-nginx-controller:v1.12.0',
    'quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.30.0',
    'bitnami/nginx-ingress-controller:1.12.0',
    'ingress-nginx/controller',
  ].map((image) => ({
    it: `warns of ${image}`,
    given: running(image),
    to: '1.31',
    finds: ['warn Deployment shop/web'],
    says: [image, '2026-03-24'],
  })),
  {
    it: "calls GitLab's own by its name, and says when it goes",
    given: running(GITLAB),
    finds: ['warn Deployment shop/web'],
    says: [GITLAB, 'the GitLab chart brings along', '20.0', 'Envoy Gateway'],
  },
  ...[
    'nginx/nginx-ingress:5.0.0',
    'nginx:1.29',
    'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.0',
    'registry.example.com/ingress-nginx/controller/tools:1',
    'registry.example.com/my-ingress-nginx-controller-tests:1',
    'traefik:v3',
  ].map((image) => ({ it: `passes ${image}`, given: running(image), finds: [] })),
]);
