// Not meant to be read: made by ajv from the schemas of the document, one function per component schema.
// What it checks is written in openapi.json; to change it, change the document and generate again.

import { date } from '@specgate/runtime/validation/date-formats'
import { int64 } from '@specgate/runtime/validation/number-formats'
const pattern_check_listOrdersCustomerQuery_0 = new RegExp("^C[0-9]{4}$", "u");
function check_getOrderOrderNumberPath(data, instancePath=""){
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
check_getOrderOrderNumberPath.errors = vErrors;
return errors === 0;
}
function check_listOrdersCustomerQuery(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern_check_listOrdersCustomerQuery_0.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^C[0-9]{4}$"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}); errors++;
}
check_listOrdersCustomerQuery.errors = vErrors;
return errors === 0;
}
function schema_Line(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.sku === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "sku"}}); errors++;
}
if(data.quantity === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "quantity"}}); errors++;
}
if(data.amount === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "amount"}}); errors++;
}
if(data.sku !== undefined){
let data0 = data.sku;
if(typeof data0 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/sku",schemaPath:"#/properties/sku/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.quantity !== undefined){
let data1 = data.quantity;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
(vErrors ??= []).push({instancePath:instancePath+"/quantity",schemaPath:"#/properties/quantity/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data1 == "number"){
if(data1 < 1 || isNaN(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/quantity",schemaPath:"#/properties/quantity/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}); errors++;
}
}
}
if(data.amount !== undefined){
let data2 = data.amount;
if(!(typeof data2 == "number")){
(vErrors ??= []).push({instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "number"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_Line.errors = vErrors;
return errors === 0;
}
function schema_Order(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.number === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "number"}}); errors++;
}
if(data.customer === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "customer"}}); errors++;
}
if(data.paid === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "paid"}}); errors++;
}
if(data.total === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "total"}}); errors++;
}
if(data.lines === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "lines"}}); errors++;
}
if(data.number !== undefined){
let data0 = data.number;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
(vErrors ??= []).push({instancePath:instancePath+"/number",schemaPath:"#/properties/number/type",keyword:"type",params:{type: "integer"}}); errors++;
}
if(typeof data0 == "number"){
if(!(int64(data0))){
(vErrors ??= []).push({instancePath:instancePath+"/number",schemaPath:"#/properties/number/format",keyword:"format",params:{format: "int64"}}); errors++;
}
}
}
if(data.customer !== undefined){
let data1 = data.customer;
if(typeof data1 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/customer",schemaPath:"#/properties/customer/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.placed !== undefined){
let data2 = data.placed;
if(typeof data2 === "string"){
if(!(date(data2))){
(vErrors ??= []).push({instancePath:instancePath+"/placed",schemaPath:"#/properties/placed/format",keyword:"format",params:{format: "date"}}); errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/placed",schemaPath:"#/properties/placed/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.paid !== undefined){
let data3 = data.paid;
if(typeof data3 !== "boolean"){
(vErrors ??= []).push({instancePath:instancePath+"/paid",schemaPath:"#/properties/paid/type",keyword:"type",params:{type: "boolean"}}); errors++;
}
}
if(data.total !== undefined){
let data4 = data.total;
if(!(typeof data4 == "number")){
(vErrors ??= []).push({instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "number"}}); errors++;
}
}
if(data.note !== undefined){
let data5 = data.note;
if(typeof data5 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/note",schemaPath:"#/properties/note/type",keyword:"type",params:{type: "string"}}); errors++;
}
}
if(data.lines !== undefined){
let data6 = data.lines;
if(Array.isArray(data6)){
const len0 = data6.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data7 = data6[i0];
if(!(schema_Line(data7, instancePath+"/lines/" + i0))){
vErrors = vErrors === null ? schema_Line.errors : vErrors.concat(schema_Line.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/lines",schemaPath:"#/properties/lines/type",keyword:"type",params:{type: "array"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_Order.errors = vErrors;
return errors === 0;
}
function schema_OrderList(data, instancePath=""){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.orders === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "orders"}}); errors++;
}
if(data.orders !== undefined){
let data0 = data.orders;
if(Array.isArray(data0)){
const len0 = data0.length;
const before0 = errors;
for(let i0=0; i0<len0 && errors - before0 < 50; i0++){
let data1 = data0[i0];
if(!(schema_Order(data1, instancePath+"/orders/" + i0))){
vErrors = vErrors === null ? schema_Order.errors : vErrors.concat(schema_Order.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/orders",schemaPath:"#/properties/orders/type",keyword:"type",params:{type: "array"}}); errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}); errors++;
}
schema_OrderList.errors = vErrors;
return errors === 0;
}
export { check_listOrdersCustomerQuery as listOrdersCustomerQuery }
export { schema_OrderList as orderListInResponse }
export { check_getOrderOrderNumberPath as getOrderOrderNumberPath }
export { schema_Order as orderInResponse }
