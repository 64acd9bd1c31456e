import { minorNumber } from '../../records/kubernetes-version.ts';
import { defineCheck } from '../check.ts';

/** The release that turns the IPVS mode off unless it is asked for. Source: KEP-5495 as changed in May 2026. */
const OFF_BY_DEFAULT = 40;

export const ipvs = defineCheck({
  code: 'ipvs',
  title: 'kube-proxy does not use the IPVS mode, which is going away',
  reads: ['kubeProxy'],
  since: '1.35',
  judge: ({ kubeProxy }, { to }) =>
    kubeProxy
      .filter(({ mode }) => mode === 'ipvs')
      .map(({ mode }) => ({
        result: minorNumber(to) >= OFF_BY_DEFAULT ? 'block' : 'warn',
        subject: 'kube-proxy',
        message:
          minorNumber(to) >= OFF_BY_DEFAULT
            ? `It runs in IPVS mode, which is off by default from 1.40 on and gone with 1.43: Services stop working on the new nodes.`
            : `It runs in IPVS mode, deprecated since 1.35. It still works with ${to}; it is off by default from 1.40 on and gone with 1.43.`,
        remedy: {
          text: 'Change the mode to nftables or iptables (of the add-on: the value "mode" of its configuration), then replace the nodes so that no rule of the old mode stays.',
          command: 'kubectl -n kube-system get configmap kube-proxy-config -o yaml',
          link: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes',
        },
        evidence: [`mode ${mode}`],
      })),
});
