// Every strategy of the table keeps the contract of balancers.
import { pickers } from '../../src/rules/balancing/pick.ts';
import { balancerContract } from './balancer-contract.ts';

for (const [strategy, pick] of Object.entries(pickers)) balancerContract(strategy, pick);
