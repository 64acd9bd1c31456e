import { defineCheck } from '../check.ts';
import { readImage } from './rules/image-reference.ts';
import { nameWorkload } from './rules/subject.ts';

/**
 * The Ingress NGINX Controller of the Kubernetes project under any registry: its own path, the name under which it was
 * published before, and flat names of mirrors. NGINX's own controller (`nginx/nginx-ingress`) is another product.
 */
const CONTROLLER =
  /(?:^|\/)(?:ingress-nginx[/-]controller(?:-chroot)?|(?:[\w-]+-)?nginx-ingress-controller)$/;

export const ingressNginx = defineCheck({
  code: 'ingress-nginx',
  title: 'No workload runs ingress-nginx, which gets no fixes any more',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .map((workload) => ({
        workload,
        images: workload.images.filter((image) => CONTROLLER.test(readImage(image).path)),
      }))
      .filter(({ images }) => images.length > 0)
      .map(({ workload, images }) =>
        images.some((image) => image.includes('gitlab-org/'))
          ? {
              result: 'warn',
              subject: nameWorkload(workload),
              message:
                'It is the ingress-nginx that the GitLab chart brings along. The project was retired on 2026-03-24 and gets no fixes, whatever the version of Kubernetes; the chart drops it with 20.0.',
              remedy: {
                text: 'Change to the Envoy Gateway of the GitLab chart (its default from 19.0 on) or to an Ingress controller of your own before GitLab 20.0.',
                link: 'https://docs.gitlab.com/charts/',
              },
              evidence: images.map((image) => `image ${image}`),
            }
          : {
              result: 'warn',
              subject: nameWorkload(workload),
              message:
                'It runs ingress-nginx. The project was retired on 2026-03-24 and gets no fixes, whatever the version of Kubernetes.',
              remedy: {
                text: 'Change to the Gateway API or to another Ingress controller.',
                link: 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
              },
              evidence: images.map((image) => `image ${image}`),
            },
      ),
});
