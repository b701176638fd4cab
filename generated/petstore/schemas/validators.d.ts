import type { Validator } from '@specgate/runtime/core/validator'

export declare const listPetsStatusQuery: Validator
export declare const listPetsLimitQuery: Validator
export declare const listPets200Response: Validator
export declare const newPetInRequest: Validator
export declare const petInResponse: Validator
export declare const getPetPetIdPath: Validator
export declare const addNotePetIdPath: Validator
export declare const addNoteFormBody: Validator
export declare const addNoteTextBody: Validator
