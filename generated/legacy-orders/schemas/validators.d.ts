import type { Validator } from '@specgate/runtime/core/validator'

export declare const listOrdersCustomerQuery: Validator
export declare const orderListInResponse: Validator
export declare const getOrderOrderNumberPath: Validator
export declare const orderInResponse: Validator
