import type { Validator } from '@specgate/runtime/core/validator'

export declare const searchProductsQQuery: Validator
export declare const searchProductsCategoryQuery: Validator
export declare const searchProductsMaxPriceQuery: Validator
export declare const searchProductsLimitQuery: Validator
export declare const searchResultInResponse: Validator
