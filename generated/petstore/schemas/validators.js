// Not meant to be read: made by ajv from the schemas of the document, one function per component schema.
// What it checks is written in openapi.json; to change it, change the document and generate again.

import { date } from '@specgate/runtime/validation/date-formats'
import { int64 } from '@specgate/runtime/validation/number-formats'
import { repeatedItem } from '@specgate/runtime/validation/repeated-item'
import { ucs2length } from '@specgate/runtime/validation/ucs2length'
const schema_schema_Pet_0_0 = ["string","null"];
function check_addNoteFormBody(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.text === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "text"}}); errors++;
}
const before_key0 = errors;
for(const key0 in data){
if(errors - before_key0 >= 50) break;
if(!((key0 === "text") || (key0 === "urgent"))){
(vErrors ??= []).push({instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}); errors++;
}
}
if(data.text !== undefined){
let data0 = data.text;
if(typeof data0 === "string"){
if(ucs2length(data0) > 500){
(vErrors ??= []).push({instancePath:instancePath+"/text",schemaPath:"#/properties/text/maxLength",keyword:"maxLength",params:{limit: 500}}); errors++;
}
if(ucs2length(data0) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/text",schemaPath:"#/properties/text/minLength",keyword:"minLength",params:{limit: 1}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/text",schemaPath:"#/properties/text/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.urgent !== undefined){
let data1 = data.urgent;
if(typeof data1 !== "boolean"){
(vErrors ??= []).push({instancePath:instancePath+"/urgent",schemaPath:"#/properties/urgent/type",keyword:"type",params:{type: "boolean"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
check_addNoteFormBody.errors = vErrors;
return errors === 0;
}
function check_addNotePetIdPath(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(!((typeof data == "number") && (!(data % 1) && !isNaN(data)))){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data == "number"){
if(data < 1 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}); errors++;
}
if(!(int64(data))){
(vErrors ??= []).push({instancePath,schemaPath:"#/format",keyword:"format",params:{format: "int64"}}); errors++;
}
}
check_addNotePetIdPath.errors = vErrors;
return errors === 0;
}
function check_addNoteTextBody(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(ucs2length(data) > 500){
(vErrors ??= []).push({instancePath,schemaPath:"#/maxLength",keyword:"maxLength",params:{limit: 500}}); errors++;
}
if(ucs2length(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"#/minLength",keyword:"minLength",params:{limit: 1}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}); errors++;
}
check_addNoteTextBody.errors = vErrors;
return errors === 0;
}
function check_getPetPetIdPath(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(!((typeof data == "number") && (!(data % 1) && !isNaN(data)))){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data == "number"){
if(data < 1 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}); errors++;
}
if(!(int64(data))){
(vErrors ??= []).push({instancePath,schemaPath:"#/format",keyword:"format",params:{format: "int64"}}); errors++;
}
}
check_getPetPetIdPath.errors = vErrors;
return errors === 0;
}
function check_listPets200Response(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
const len0 = data.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data0 = data[i0];
if(!(schema_Pet(data0, instancePath+"/" + i0))){
vErrors = vErrors === null ? schema_Pet.errors : vErrors.concat(schema_Pet.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"}}); errors++;
}
check_listPets200Response.errors = vErrors;
return errors === 0;
}
function check_listPetsLimitQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(!((typeof data == "number") && (!(data % 1) && !isNaN(data)))){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data == "number"){
if(data > 100 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}}); errors++;
}
if(data < 1 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}); errors++;
}
}
check_listPetsLimitQuery.errors = vErrors;
return errors === 0;
}
function check_listPetsStatusQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length < 1){
(vErrors ??= []).push({instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1}}); errors++;
}
const len0 = data.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data0 = data[i0];
if(!(schema_Status(data0, instancePath+"/" + i0))){
vErrors = vErrors === null ? schema_Status.errors : vErrors.concat(schema_Status.errors);
errors = vErrors.length;
}
}
const item0 = repeatedItem(data);
if(!(item0 === -1)){
(vErrors ??= []).push({instancePath,schemaPath:"#/uniqueItems",keyword:"uniqueItems",params:{item: item0}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"}}); errors++;
}
check_listPetsStatusQuery.errors = vErrors;
return errors === 0;
}
function schema_NewPet(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"}}); errors++;
}
if(data.species === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "species"}}); errors++;
}
if(data.price === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "price"}}); errors++;
}
const before_key0 = errors;
for(const key0 in data){
if(errors - before_key0 >= 50) break;
if(!((((((key0 === "name") || (key0 === "species")) || (key0 === "born")) || (key0 === "price")) || (key0 === "status")) || (key0 === "vaccinations"))){
(vErrors ??= []).push({instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}); errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(ucs2length(data0) > 60){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 60}}); errors++;
}
if(ucs2length(data0) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.species !== undefined){
let data1 = data.species;
if(typeof data1 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/species",schemaPath:"#/properties/species/type",keyword:"type",params:{type: "string"}}); errors++;
}
if(!(data1 === "cat" || data1 === "dog" || data1 === "parrot" || data1 === "tortoise")){
(vErrors ??= []).push({instancePath:instancePath+"/species",schemaPath:"#/properties/species/enum",keyword:"enum",params:{allowedValues: ["cat","dog","parrot","tortoise"]}}); errors++;
}
}
if(data.born !== undefined){
let data2 = data.born;
if(typeof data2 === "string"){
if(!(date(data2))){
(vErrors ??= []).push({instancePath:instancePath+"/born",schemaPath:"#/properties/born/format",keyword:"format",params:{format: "date"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/born",schemaPath:"#/properties/born/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.price !== undefined){
let data3 = data.price;
if(typeof data3 == "number"){
if(data3 <= 0 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/price",schemaPath:"#/properties/price/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/price",schemaPath:"#/properties/price/type",keyword:"type",params:{type: "number"}}); errors++;
}
}
if(data.status !== undefined){
let data4 = data.status;
if(!(schema_Status(data4, instancePath+"/status"))){
vErrors = vErrors === null ? schema_Status.errors : vErrors.concat(schema_Status.errors);
errors = vErrors.length;
}
}
if(data.vaccinations !== undefined){
let data5 = data.vaccinations;
if(Array.isArray(data5)){
if(data5.length > 20){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations",schemaPath:"#/properties/vaccinations/maxItems",keyword:"maxItems",params:{limit: 20}}); errors++;
}
const len0 = data5.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data6 = data5[i0];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.name === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0,schemaPath:"#/properties/vaccinations/items/required",keyword:"required",params:{missingProperty: "name"}}); errors++;
}
if(data6.date === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0,schemaPath:"#/properties/vaccinations/items/required",keyword:"required",params:{missingProperty: "date"}}); errors++;
}
const before_key1 = errors;
for(const key1 in data6){
if(errors - before_key1 >= 50) break;
if(!((key1 === "name") || (key1 === "date"))){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0,schemaPath:"#/properties/vaccinations/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}); errors++;
}
}
if(data6.name !== undefined){
let data7 = data6.name;
if(typeof data7 === "string"){
if(ucs2length(data7) > 60){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/name",schemaPath:"#/properties/vaccinations/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 60}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/name",schemaPath:"#/properties/vaccinations/items/properties/name/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data6.date !== undefined){
let data8 = data6.date;
if(typeof data8 === "string"){
if(!(date(data8))){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/date",schemaPath:"#/properties/vaccinations/items/properties/date/format",keyword:"format",params:{format: "date"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/date",schemaPath:"#/properties/vaccinations/items/properties/date/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0,schemaPath:"#/properties/vaccinations/items/type",keyword:"type",params:{type: "object"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations",schemaPath:"#/properties/vaccinations/type",keyword:"type",params:{type: "array"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_NewPet.errors = vErrors;
return errors === 0;
}
function schema_Pet(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.id === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "id"}}); errors++;
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"}}); errors++;
}
if(data.species === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "species"}}); errors++;
}
if(data.price === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "price"}}); errors++;
}
if(data.status === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "status"}}); errors++;
}
if(data.id !== undefined){
let data0 = data.id;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
(vErrors ??= []).push({instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data0 == "number"){
if(!(int64(data0))){
(vErrors ??= []).push({instancePath:instancePath+"/id",schemaPath:"#/properties/id/format",keyword:"format",params:{format: "int64"}}); errors++;
}
}
}
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.species !== undefined){
let data2 = data.species;
if(typeof data2 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/species",schemaPath:"#/properties/species/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.born !== undefined){
let data3 = data.born;
if((typeof data3 !== "string") && (data3 !== null)){
(vErrors ??= []).push({instancePath:instancePath+"/born",schemaPath:"#/properties/born/type",keyword:"type",params:{type: schema_schema_Pet_0_0}}); errors++;
}
if(typeof data3 === "string"){
if(!(date(data3))){
(vErrors ??= []).push({instancePath:instancePath+"/born",schemaPath:"#/properties/born/format",keyword:"format",params:{format: "date"}}); errors++;
}
}
}
if(data.price !== undefined){
let data4 = data.price;
if(!(typeof data4 == "number")){
(vErrors ??= []).push({instancePath:instancePath+"/price",schemaPath:"#/properties/price/type",keyword:"type",params:{type: "number"}}); errors++;
}
}
if(data.status !== undefined){
let data5 = data.status;
if(!(schema_Status(data5, instancePath+"/status"))){
vErrors = vErrors === null ? schema_Status.errors : vErrors.concat(schema_Status.errors);
errors = vErrors.length;
}
}
if(data.vaccinations !== undefined){
let data6 = data.vaccinations;
if(Array.isArray(data6)){
const len0 = data6.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data7 = data6[i0];
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.name !== undefined){
let data8 = data7.name;
if(typeof data8 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/name",schemaPath:"#/properties/vaccinations/items/properties/name/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data7.date !== undefined){
let data9 = data7.date;
if(typeof data9 === "string"){
if(!(date(data9))){
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/date",schemaPath:"#/properties/vaccinations/items/properties/date/format",keyword:"format",params:{format: "date"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0+"/date",schemaPath:"#/properties/vaccinations/items/properties/date/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations/" + i0,schemaPath:"#/properties/vaccinations/items/type",keyword:"type",params:{type: "object"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/vaccinations",schemaPath:"#/properties/vaccinations/type",keyword:"type",params:{type: "array"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_Pet.errors = vErrors;
return errors === 0;
}
function schema_Status(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data !== "string"){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}); errors++;
}
if(!(data === "available" || data === "pending" || data === "sold")){
(vErrors ??= []).push({instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: ["available","pending","sold"]}}); errors++;
}
schema_Status.errors = vErrors;
return errors === 0;
}
export { check_listPetsStatusQuery as listPetsStatusQuery }
export { check_listPetsLimitQuery as listPetsLimitQuery }
export { check_listPets200Response as listPets200Response }
export { schema_NewPet as newPetInRequest }
export { schema_Pet as petInResponse }
export { check_getPetPetIdPath as getPetPetIdPath }
export { check_addNotePetIdPath as addNotePetIdPath }
export { check_addNoteFormBody as addNoteFormBody }
export { check_addNoteTextBody as addNoteTextBody }
