import { ipvs } from '../../../functions/upgrade/checks/ipvs.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const mode = (name: string) => ({
  kubeProxy: topicOf({ image: 'kube-proxy:v1.35.0', version: '1.35', mode: name }),
});

describeCheck(ipvs, [
  { it: 'passes the mode iptables', given: mode('iptables'), finds: [] },
  { it: 'passes the mode nftables at 1.40', given: mode('nftables'), to: '1.40', finds: [] },
  { it: 'says nothing of IPVS on the way to 1.34', given: mode('ipvs'), to: '1.34', finds: [] },
  { it: 'warns of IPVS from 1.35 on', given: mode('ipvs'), to: '1.35', finds: ['warn kube-proxy'] },
  {
    it: 'warns of IPVS at 1.36, where it still works',
    given: mode('ipvs'),
    to: '1.36',
    finds: ['warn kube-proxy'],
    says: ['It still works with 1.36', 'off by default from 1.40', 'gone with 1.43'],
  },
  { it: 'still only warns at 1.39', given: mode('ipvs'), to: '1.39', finds: ['warn kube-proxy'] },
  {
    it: 'blocks IPVS from 1.40 on',
    given: mode('ipvs'),
    to: '1.40',
    finds: ['block kube-proxy'],
    says: ['Services stop working'],
  },
]);
