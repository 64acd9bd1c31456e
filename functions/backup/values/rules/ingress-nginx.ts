import type { ValuesRule } from '../rule.ts';

/**
 * The Ingress controller that the chart brings along.
 *
 * Source: Kubernetes blog, "Ingress NGINX Retirement" (2025-11-11): no fixes after March 2026; GitLab chart, values.yaml:
 * on by default in chart 9, off in chart 10, gone with GitLab 20.
 */
export const ingressNginx: ValuesRule = {
  code: 'ingress-nginx',
  title: 'No retired Ingress controller is installed',
  judge: (values) =>
    ['nginx-ingress', 'nginx-ingress-geo']
      .map((chart) => `${chart}.enabled`)
      .filter((path) => values.isOn(path))
      .map((path) => ({
        severity: 'risk' as const,
        path,
        message:
          'The chart installs ingress-nginx, which was retired in March 2026 and gets no fixes: whoever breaks it reads every push and every backup that is fetched through it.',
        remedy: `Write ${path}: false, and use the Gateway API of the chart or an Ingress class of your own (global.ingress.class).`,
      })),
};
