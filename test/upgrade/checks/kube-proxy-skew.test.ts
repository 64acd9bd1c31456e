import { kubeProxySkew } from '../../../functions/upgrade/checks/kube-proxy-skew.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

const proxy = (version: string | undefined) =>
  topicOf({ image: 'registry.example.com:5000/eks/kube-proxy:v1.x', version, mode: 'iptables' });

describeCheck(kubeProxySkew, [
  { it: 'passes kube-proxy of the version of the control plane', given: {}, finds: [] },
  {
    it: 'passes a cluster without kube-proxy, as with Auto Mode',
    given: { kubeProxy: topicOf() },
    finds: [],
  },
  {
    it: 'blocks kube-proxy four minors older than the new control plane',
    given: { kubeProxy: proxy('1.32'), nodes: topicOf(buildNode({ kubelet: '1.33' })) },
    finds: ['block kube-proxy'],
    says: ['more than 3 minor versions older than 1.36', '--addon-name kube-proxy'],
  },
  {
    it: 'warns of kube-proxy three minors older, which still works',
    given: { kubeProxy: proxy('1.33') },
    finds: ['warn kube-proxy'],
    says: ['behind the control plane, which is at 1.35'],
  },
  {
    it: 'blocks kube-proxy newer than the new control plane',
    given: { kubeProxy: proxy('1.37') },
    finds: ['block kube-proxy'],
    says: ['newer than 1.36, which is not supported'],
  },
  {
    it: 'warns of kube-proxy that is newer than the control plane until this step',
    given: { kubeProxy: proxy('1.36') },
    finds: ['warn kube-proxy'],
  },
  {
    it: 'warns of kube-proxy four minors newer than the kubelet beside it',
    given: { kubeProxy: proxy('1.35'), nodes: topicOf(buildNode({ name: 'old', kubelet: '1.31' })) },
    finds: ['warn kube-proxy'],
    says: ['old: kubelet 1.31'],
  },
  {
    it: 'passes kube-proxy three minors newer than the kubelet beside it',
    given: { kubeProxy: proxy('1.35'), nodes: topicOf(buildNode({ kubelet: '1.32' })) },
    finds: [],
  },
  {
    it: 'does not check kube-proxy whose image does not tell its version',
    given: { kubeProxy: proxy(undefined) },
    finds: ['not-checked kube-proxy'],
    says: ['registry.example.com:5000/eks/kube-proxy'],
  },
]);
