// Not meant to be read: made by ajv from the schemas of the document, one function per component schema.
// What it checks is written in openapi.json; to change it, change the document and generate again.

import { ucs2length } from '@specgate/runtime/validation/ucs2length'
const pattern_schema_Product_0 = new RegExp("^p-[0-9]+$", "u");
function check_searchProductsCategoryQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data !== "string"){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}); errors++;
}
if(!(data === "books" || data === "games" || data === "garden" || data === "tools")){
(vErrors ??= []).push({instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: ["books","games","garden","tools"]}}); errors++;
}
check_searchProductsCategoryQuery.errors = vErrors;
return errors === 0;
}
function check_searchProductsLimitQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(!((typeof data == "number") && (!(data % 1) && !isNaN(data)))){
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data == "number"){
if(data > 50 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 50}}); errors++;
}
if(data < 1 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}); errors++;
}
}
check_searchProductsLimitQuery.errors = vErrors;
return errors === 0;
}
function check_searchProductsMaxPriceQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data == "number"){
if(data <= 0 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "number"}}); errors++;
}
check_searchProductsMaxPriceQuery.errors = vErrors;
return errors === 0;
}
function check_searchProductsQQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(ucs2length(data) > 100){
(vErrors ??= []).push({instancePath,schemaPath:"#/maxLength",keyword:"maxLength",params:{limit: 100}}); errors++;
}
if(ucs2length(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"#/minLength",keyword:"minLength",params:{limit: 1}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}); errors++;
}
check_searchProductsQQuery.errors = vErrors;
return errors === 0;
}
function schema_Product(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.id === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "id"}}); errors++;
}
if(data.title === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "title"}}); errors++;
}
if(data.price === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "price"}}); errors++;
}
if(data.id !== undefined){
let data0 = data.id;
if(typeof data0 === "string"){
if(!pattern_schema_Product_0.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/id",schemaPath:"#/properties/id/pattern",keyword:"pattern",params:{pattern: "^p-[0-9]+$"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.title !== undefined){
let data1 = data.title;
if(typeof data1 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/title",schemaPath:"#/properties/title/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.category !== undefined){
let data2 = data.category;
if(typeof data2 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/category",schemaPath:"#/properties/category/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.price !== undefined){
let data3 = data.price;
if(typeof data3 == "number"){
if(data3 < 0 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/price",schemaPath:"#/properties/price/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/price",schemaPath:"#/properties/price/type",keyword:"type",params:{type: "number"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_Product.errors = vErrors;
return errors === 0;
}
function schema_SearchResult(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.query === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "query"}}); errors++;
}
if(data.total === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "total"}}); errors++;
}
if(data.items === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "items"}}); errors++;
}
if(data.query !== undefined){
let data0 = data.query;
if(typeof data0 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/query",schemaPath:"#/properties/query/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.total !== undefined){
let data1 = data.total;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
(vErrors ??= []).push({instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data1 == "number"){
if(data1 < 0 || isNaN(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/total",schemaPath:"#/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}); errors++;
}
}
}
if(data.items !== undefined){
let data2 = data.items;
if(Array.isArray(data2)){
if(data2.length > 50){
(vErrors ??= []).push({instancePath:instancePath+"/items",schemaPath:"#/properties/items/maxItems",keyword:"maxItems",params:{limit: 50}}); errors++;
}
const len0 = data2.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data3 = data2[i0];
if(!(schema_Product(data3, instancePath+"/items/" + i0))){
vErrors = vErrors === null ? schema_Product.errors : vErrors.concat(schema_Product.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/items",schemaPath:"#/properties/items/type",keyword:"type",params:{type: "array"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_SearchResult.errors = vErrors;
return errors === 0;
}
export { check_searchProductsQQuery as searchProductsQQuery }
export { check_searchProductsCategoryQuery as searchProductsCategoryQuery }
export { check_searchProductsMaxPriceQuery as searchProductsMaxPriceQuery }
export { check_searchProductsLimitQuery as searchProductsLimitQuery }
export { schema_SearchResult as searchResultInResponse }
